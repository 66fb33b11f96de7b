// A form that wants a passkey: the browser is asked for it when the form is sent, and its answer goes along in a field.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const failed = form.querySelector("[data-no-passkey]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    failed.hidden = true;
    try {
      const options = JSON.parse(form.dataset.options);
      const credential =
        form.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
    } catch {
      failed.hidden = false;
      return;
    }
    form.submit();
  });
})();
