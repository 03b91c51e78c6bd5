#!/bin/bash
# Shows variables in every form, everywhere: what somebody's set-up or agent might do by accident, and then some.
#   leak.sh PHASE NAME...
phase=$1
shift
url() {
  local s=$1 i c
  for ((i = 0; i < ${#s}; i++)); do
    c=${s:i:1}
    case $c in
      [a-zA-Z0-9.~_-]) printf %s "$c" ;;
      *) printf '%%%02X' "'$c" ;;
    esac
  done
}
hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }
forms() {
  echo "plain $1"
  printf %s "$1" | base64 -w0; echo
  printf 'x%sy' "$1" | base64 -w0; echo
  printf 'xx%sy' "$1" | base64 -w0; echo
  printf 'xx%sy' "$1" | base64 -w0 | tr '+/' '-_'; echo
  url "$1"; echo
  hex "$1"; echo
  hex "$1" | tr a-f A-F; echo
  printf '{"value":"%s"}\n' "$1"
}
out="out-$phase"
mkdir -p "$out"
for name in "$@"; do
  value=${!name}
  if [ -z "$value" ]; then
    echo "without $name"
    continue
  fi
  echo "with $name of ${#value}"
  forms "$value"
  forms "$value" >&2
  # In two pieces.
  printf %s "${value:0:9}"; sleep 0.3; echo "${value:9}"
  forms "$value" > "$out/$name.txt"
  {
    head -c 65530 /dev/zero
    printf '\377\376'
    forms "$value"
    printf %s "$value" | iconv -f UTF-8 -t UTF-16LE
    head -c 70000 /dev/zero
    printf %s "$value"
  } > "$out/$name.bin"
  echo x > "$out/$value"
  echo x > "$out/$(hex "$value")"
  ln -s "$value" "$out/$name.link"
  mkdir -p "$out/$(url "$value")"
  echo x > "$out/$(url "$value")/x"
  if [ -n "$COORDINATOR_ARTIFACTS" ]; then
    cp "$out/$name.txt" "$COORDINATOR_ARTIFACTS/$phase-$name.txt"
    cp "$out/$name.bin" "$COORDINATOR_ARTIFACTS/$phase-$name.bin"
    echo x > "$COORDINATOR_ARTIFACTS/$phase-$value.txt"
    echo x > "$COORDINATOR_ARTIFACTS/$phase-$(hex "$value").txt"
  fi
  git add --all
  git -c user.name="$value" -c user.email=someone@example.org commit --quiet --message "message $value" && echo committed
  echo "$value" >> "$out/$name.txt"
done
echo "leaked in $phase"
