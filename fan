#!/bin/sh
# Runs the command of this checkout: ./fan map 'line.length()' README.md
# Builds it first when it is missing or older than its sources. FAN_OPTS holds options for the JVM, such as -Xmx4g.
self=$0
[ ! -L "$self" ] || self=$(readlink -f "$self")
here=$(cd "$(dirname "$self")" && pwd)
. "$here/.mvn/java.sh" || { echo "fan: please install a JDK 25 or newer, or point JAVA_HOME at one." >&2; exit 2; }
java=$JAVA_HOME/bin/java
target=$here/cli/target
jar=$target/fanwise-cli.jar

outdated() {
    [ -e "$jar" ] || return 0
    [ -w "$target" ] || return 1
    [ -n "$(cd "$here" && find pom.xml work/pom.xml core/pom.xml processes/pom.xml pipeline/pom.xml http/pom.xml cli/pom.xml \
        work/src/main core/src/main processes/src/main pipeline/src/main http/src/main cli/src/main -newer "$jar" 2> /dev/null | head -n 1)" ]
}

build() {
    outdated || return 0 # somebody else has just done it
    echo "fan: building once…" >&2
    : > "$target/fan-build.start"
    if "$here/build" -Dfast -Dmaven.test.skip=true -pl cli -am package < /dev/null > "$target/fan-build.log" 2>&1; then
        touch -r "$target/fan-build.start" "$jar" # what is edited during the build is newer
    else
        echo "fan: the build failed, $target/fan-build.log says why" >&2
        return 2
    fi
}

if outdated; then
    mkdir -p "$target" || exit 2
    (
        ! command -v flock > /dev/null || flock 9
        build
    ) 9> "$target/fan-build.lock" || exit 2
fi

# A closed stream would be taken by the first file that the JVM opens.
{ true <&0; } 2> /dev/null || exec < /dev/null
{ true >&1; } 2> /dev/null || { echo "fan: standard output is closed" >&2; exit 2; }

# Where nobody has said a locale, as under cron, the JVM would refuse file names that are not ASCII.
[ -n "${LC_ALL-}${LC_CTYPE-}${LANG-}" ] || export LC_CTYPE=C.UTF-8

# The JVM's own messages go to stderr, if anywhere: stdout belongs to the results.
flags='-Xlog:disable -XX:+DisplayVMOutputToStderr --enable-native-access=ALL-UNNAMED'
# Starting programs is little work for the JVM: the quick compiler will do, and leaves the processors to them.
[ "${1-}" != exec ] || flags="$flags -XX:TieredStopAtLevel=1"
case ${FAN_OPTS-} in
    *-XX:+Use*GC*) ;;
    *) flags="$flags -XX:+UseParallelGC" ;;
esac

# An AOT cache (JEP 514) of the classes a run needs makes the start quicker. It fits these very jars, their times and this JDK
# only, so all of them are in its name. One run of compiler and engine shows the JVM what to keep; where that does not work,
# an empty file says so.
cache=$target
[ -w "$cache" ] || cache=${XDG_CACHE_HOME:-$HOME/.cache}/fanwise
key=$({ (cd "$target" && tar -cf - fanwise-cli.jar lib); cat "$JAVA_HOME/release"; } 2> /dev/null | cksum)
aot=$cache/fan-${key%% *}.aot
if [ ! -e "$aot" ] && mkdir -p "$cache" 2> /dev/null; then
    (
        new=$aot.$$
        trap 'rm -f "$new" "$new".*' EXIT
        trap 'exit 130' HUP INT TERM
        [ "$cache" != "$target" ] || rm -f "$cache"/fan-*.aot
        # shellcheck disable=SC2086
        "$java" $flags -XX:AOTCacheOutput="$new" -jar "$jar" map 'line.length()' "$here/LICENSE" < /dev/null
        [ -s "$new" ] || : > "$new"
        mv -f "$new" "$aot"
    ) > /dev/null 2>&1 || [ $? -ne 130 ] || exit 130
fi
[ -s "$aot" ] || aot=

# shellcheck disable=SC2086
exec "$java" $flags ${aot:+"-XX:AOTCache=$aot"} ${FAN_OPTS-} -jar "$jar" "$@"
