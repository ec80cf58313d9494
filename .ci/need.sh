# Sourced by ./run and ./test: what this machine lacks, and how it is installed.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

# Whether the .NET SDK that global.json asks for is there; says how to get it where it is not.
need_sdk() {
    if command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'; then
        return 0
    fi
    echo "The .NET 10 SDK is missing. Install it, for instance the package dotnet-sdk-10.0, then start this again." >&2
    echo "How: https://learn.microsoft.com/dotnet/core/install/linux" >&2
    return 1
}

has_package() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Prints the packages that are missing: the fonts that the sample's names and equations are written in, and LibreOffice for PDF,
# with its part for equations, without which it leaves them out.
# Further packages can be given as command=package or file=package.
missing_packages() {
    local package pair
    if command -v dpkg-query >/dev/null; then
        for package in fonts-crosextra-carlito fonts-crosextra-caladea fonts-liberation fonts-noto-core fonts-noto-cjk fonts-stix; do
            has_package "$package" || echo "$package"
        done
    fi
    if ! command -v soffice >/dev/null && ! command -v libreoffice >/dev/null; then
        echo libreoffice-writer
        echo libreoffice-math
    elif has_package libreoffice-common && ! has_package libreoffice-math && ! has_package libreoffice-math-nogui; then
        echo libreoffice-math
    fi
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null || [ -e "${pair%%=*}" ] || echo "${pair#*=}"
    done
}

# Installs what is missing where apt can be used; otherwise says what to install and returns 1.
need_tools() {
    local missing log
    missing=$(missing_packages "$@" | xargs)
    [ -n "$missing" ] || return 0

    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "Missing on this machine: $missing" >&2
        echo "Install it with: sudo apt-get install --no-install-recommends $missing" >&2
        return 1
    fi

    echo "Installing $missing (once) …"
    log=$(mktemp)
    if ! apt-get update >"$log" 2>&1; then
        tail -n 5 "$log" >&2
    fi
    # The variant without a desktop is smaller, but not every release of Debian and Ubuntu has it.
    if apt-cache show libreoffice-writer-nogui >/dev/null 2>&1 && ! has_package libreoffice-core; then
        missing=${missing/libreoffice-writer/libreoffice-writer-nogui}
        missing=${missing/libreoffice-math/libreoffice-math-nogui}
    fi
    # shellcheck disable=SC2086 # one word is one package
    if ! DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        echo "The packages could not be installed: $missing" >&2
        return 1
    fi
    rm -f "$log"
}

# PostgreSQL's programs, without the server of the system being made or started: the tests start their own.
need_postgres() {
    if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; then
        return 0
    fi
    if [ "$(id -u)" -eq 0 ] && [ -d /etc ]; then
        mkdir -p /etc/postgresql-common
        [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    fi
    need_tools initdb=postgresql
}

# Whether any of the paths changed since the stamp file was written; a deleted file changes its folder.
changed_since() {
    local stamp=$1
    shift
    [ ! -e "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" -print -quit 2>/dev/null)" ]
}

# Builds a project or the solution unless nothing changed since the last time it succeeded.
# build STAMP TARGET CONFIGURATION PATH…
build() {
    local stamp=$1 target=$2 configuration=$3 log mark
    shift 3
    changed_since "$stamp" "$@" || return 0

    echo "Building …"
    mkdir -p artifacts
    log=$(mktemp)
    # A file that changes while the build runs must be newer than the stamp, so it is dated at the start.
    mark=$(mktemp)
    if ! dotnet build "$target" -c "$configuration" -v q --nologo >"$log" 2>&1; then
        grep -E '(error|warning) ' "$log" | sort -u >&2 || cat "$log" >&2
        rm -f "$log" "$mark"
        echo "The build failed." >&2
        return 1
    fi
    touch -r "$mark" "$stamp"
    rm -f "$log" "$mark"
}

# Compiles assemblies for this machine where they lie, each file once, and keeps what was made under the file's hash: most of what
# a program that lives for seconds does is compiling otherwise. They stay as they are where the compiler was not restored.
# make_ready FILE…
make_ready() {
    local compiler made=artifacts/ready list hash file references=()
    compiler=$(find "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/microsoft.netcore.app.crossgen2.linux-* -path '*/tools/crossgen2' 2>/dev/null | sort -V | tail -n 1)
    [ -n "$compiler" ] || return 0
    while read -r file; do
        references+=(-r "$file/*.dll")
    done < <(dotnet --list-runtimes | sed -nE 's#^Microsoft\.(NETCore|AspNetCore)\.App (10\.\S+) \[(.*)\]$#\3/\2#p')

    mkdir -p "$made"
    list=$(mktemp)
    sha256sum "$@" >"$list"
    while read -r hash file; do
        [ -e "$made/$hash.dll" ] || [ -e "$made/$hash.is" ] || printf '%s\0%s\0' "$hash" "$file"
    done < <(sort -u -k 1,1 "$list") | xargs -0 -r -n 2 -P "$(nproc)" bash -c '
        compiler=$0 made=$1 hash=${*: -2:1} file=${*: -1}
        if "$compiler" "$file" -o "$made/$hash.new" "${@:2:$#-3}" -r "$(dirname "$file")/*.dll" -O >/dev/null 2>&1; then
            touch "$made/$(sha256sum "$made/$hash.new" | cut -c 1-64).is"
            mv "$made/$hash.new" "$made/$hash.dll"
        else
            touch "$made/$hash.is"
        fi' "$compiler" "$made" "${references[@]}"
    while read -r hash file; do
        [ ! -e "$made/$hash.dll" ] || cp "$made/$hash.dll" "$file"
    done <"$list"
    rm -f "$list"
}
