# Finds interpreters; sourced by the scripts beside it.

# The versions this release knows, in the order in which one is preferred.
versions="3.11 3.12 3.13 3.10 3.14"

# Whether $1 is a CPython of a known version that can make an environment and be embedded.
suits() {
    "$1" - 2>/dev/null <<'PYTHON'
import ctypes, ensurepip, os, sys, sysconfig, venv
setting = sysconfig.get_config_var
name = setting("INSTSONAME") or ""
whole = os.path.join(setting("LIBDIR") or "", name)
known = sys.implementation.name == "cpython" and (3, 10) <= sys.version_info[:2] <= (3, 14)
if not known or ".so" not in name or setting("Py_GIL_DISABLED"):
    sys.exit(1)
ctypes.CDLL(whole if os.path.exists(whole) else name)
PYTHON
}

version_of() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'
}

# Prints an interpreter of version $1 that suits: from the search path, else from pyenv.
python_of() {
    local candidate
    for candidate in "$(command -v "python$1" || true)" \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python3; do
        if [ -x "$candidate" ] && suits "$candidate"; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

# Prints the interpreter to use when nobody names one.
first_python() {
    local version
    if command -v python3 >/dev/null && suits python3; then
        command -v python3
        return 0
    fi
    for version in $versions; do
        python_of "$version" && return 0
    done
    return 1
}

# The Debian package of the shared library of the system's python3.
debian_libpython() {
    local version=3.11
    [ -x /usr/bin/python3 ] && version=$(version_of /usr/bin/python3)
    echo "libpython$version"
}
