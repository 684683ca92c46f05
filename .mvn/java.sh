# Sourced by ./build and ./fan: points JAVA_HOME at a JDK 25 or newer, wherever this machine keeps one.
# A JAVA_HOME that is new enough is left alone; otherwise the release nearest to 25 wins. Fails when there is none.
java_feature() { # sets feature to the feature number of the JDK in $1, or to 0
    feature=0
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    while IFS= read -r line; do
        case $line in
            JAVA_VERSION=\"1.*) return 0 ;;
            JAVA_VERSION=\"*) line=${line#JAVA_VERSION=\"}; feature=${line%%[!0-9]*}; return 0 ;;
        esac
    done < "$1/release"
}

java_feature "${JAVA_HOME:-/none}"
if [ "$feature" -lt 25 ]; then
    best=1000
    on_path=$(command -v javac) && on_path=$(readlink -f "$on_path" 2>/dev/null) || on_path=/none/bin/javac
    for home in "${on_path%/bin/javac}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        "$HOME"/.gradle/jdks/* "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        java_feature "$home"
        if [ "$feature" -ge 25 ] && [ "$feature" -lt "$best" ]; then best=$feature JAVA_HOME=$home; fi
    done
    [ "$best" -lt 1000 ] || return 1
    export JAVA_HOME
fi
