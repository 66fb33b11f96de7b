#!/usr/bin/env bash
# Made the letters in this folder. Run it at a checkout of commit 074bba3 (version 0.1.0), with its `matcher` on PATH:
#
#   make.sh FOLDER
#
# Keys, dates and numbers differ from run to run, so the letters are kept and this is the record of how they came about.
set -euo pipefail
out=$(realpath "$1")
export MATCHER_INSTANCE=$(mktemp -d) MATCHER_PUBLIC_URL=https://hq.example.gov.cn
unset DATABASE_URL MATCHER_KEYS MATCHER_KEYS_PASSPHRASE

whole='{"name": "天津市喆堃镕科技有限公司", "credit_code": "91120113MA06ABCD1N", "vat_status": "small_scale",
  "six_taxes_two_fees_payable": "38642.57"}'
named='{"name": "天津市喆堃镕科技有限公司", "vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}'
printf '%s' "$whole" >"$MATCHER_INSTANCE/whole.json"
printf '%s' "$named" >"$MATCHER_INSTANCE/named.json"

number_of() { matcher letters list --json | python3 -c "import json, sys; print(json.load(sys.stdin)[$1]['number'])"; }
issue() { # NAME FACTS WORDS…
    matcher letter "$MATCHER_INSTANCE/$2.json" --issue --centre heping --as-of 2026-11-24 --valid-days 3000 \
        -o "$out/$1.pdf" "${@:3}"
}
one=(--scheme six-taxes-two-fees)

matcher keys new heping
issue several-schemes-retired-key whole "${one[@]}" --scheme small-scale-vat --scheme guarantee-fee-rebate
matcher keys rotate heping
issue one-scheme whole "${one[@]}"
issue english whole "${one[@]}" --lang en
issue missing named --kind missing --scheme vat-credit-refund --scheme rd-super-deduction
issue whole-catalogue whole
issue superseded-name-only named "${one[@]}"
issue superseding named "${one[@]}" --supersedes "$(number_of 5)"
rm "$out/superseding.pdf"
matcher keys trust-list -o "$out/trust-list.json"
(cd rules && python3 -c "
import pathlib, zipfile
with zipfile.ZipFile('$out/rules.zip', 'w', zipfile.ZIP_LZMA) as archive:
    for file in sorted(path for path in pathlib.Path().rglob('*') if path.is_file()):
        archive.write(file)
")
rm -r "$MATCHER_INSTANCE"
