# What the scripts share: packages, words to people, builds. To be sourced; does nothing alone.
# shellcheck shell=bash disable=SC2034  # the arrays are for those who source this
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# All from Debian 12.
build_packages=(
  g++ cmake ninja-build ccache
  libpistache-dev libboost-dev rapidjson-dev libpugixml-dev libyaml-cpp-dev
  libkainjow-mustache-dev zlib1g-dev libssl-dev libbrotli-dev libzstd-dev libcli11-dev
  libspdlog-dev libfmt-dev prometheus-cpp-dev libical-dev libicu-dev icu-devtools tzdata
  libpsl-dev libidn2-dev libunistring-dev libnghttp2-dev libcurl4-openssl-dev libpq-dev
)
# What scripts/package needs besides.
packaging_packages=(binutils dpkg-dev chrpath python3 ca-certificates)
# The clients of tests/live/museum, by language.
museum_packages=(
  libwww-perl libsoap-lite-perl libxmlrpc-lite-perl librpc-xml-perl libfrontier-rpc-perl libmojolicious-perl libfurl-perl
  libwww-mechanize-perl librest-client-perl libwww-curl-perl libhttp-dav-perl liblwp-useragent-determined-perl
  libxml-feed-perl
  php-cli php-curl php-soap php-xml php-xmlrpc php-guzzlehttp-guzzle php-symfony-http-client
  ruby ruby-faraday ruby-httparty ruby-rest-client ruby-excon ruby-httpclient ruby-http ruby-typhoeus ruby-curb
  ruby-net-http-persistent ruby-mechanize ruby-xmlrpc ruby-oauth2 ruby-octokit ruby-gitlab ruby-graphql-client
  ruby-aws-sdk-s3 ruby-kubeclient ruby-docker-api ruby-elasticsearch
  python3-requests python3-httpx python3-aiohttp python3-pycurl python3-httplib2 python3-tornado python3-treq
  python3-mechanize python3-suds python3-jsonrpclib-pelix python3-feedparser python3-caldav python3-easywebdav
  python3-boto3 python3-elasticsearch python3-github python3-gitlab python3-requests-oauthlib python3-authlib
  python3-docker python3-kubernetes python3-influxdb python3-consul python3-hvac python3-swiftclient
  python3-websockets python3-websocket python3-pysolr python3-twilio python3-stripe python3-jira python3-matrix-nio
  python3-mastodon python3-acme python3-owslib python3-mwclient python3-openstacksdk
  python3-python-telegram-bot python3-digitalocean python3-cloudflare python3-dropbox python3-jenkins python3-proxmoxer
  python3-keystoneauth1 python3-novaclient python3-etcd3gw python3-hcloud python3-libcloud python3-softlayer python3-shodan
  python3-tweepy python3-praw python3-pynetbox python3-pylxd python3-msal python3-ibm-cloud-sdk-core python3-mailmanclient
  python3-sparkpost python3-discogs-client
  python3-barbicanclient python3-cinderclient python3-designateclient python3-glanceclient python3-heatclient
  python3-neutronclient python3-ironicclient python3-manilaclient python3-sparqlwrapper python3-exchangelib python3-googleapi python3-bugzilla python3-b2sdk
  python3-thrift python3-cbor2 python3-msgpack python3-transmissionrpc python3-prometheus-client python3-boto python3-censys python3-odoorpc
  ruby-asana ruby-jira ruby-slack-notifier ruby-geocoder libjira-rest-perl
  python3-gnocchiclient python3-aodhclient python3-troveclient python3-octaviaclient python3-mistralclient python3-pylast
  python3-selenium
  python3-blazarclient python3-magnumclient python3-muranoclient python3-saharaclient python3-watcherclient python3-zunclient
  default-jdk-headless libspring-web-java libokhttp-java libhttpclient-java libhttpclient5-java libhttpasyncclient-java
  libcommons-httpclient-java libjetty9-java libjetty9-extra-java libwagon-http-java libaxis-java libjaxws-java libsaaj-ri-java libjersey1-client-java
  libresteasy3.0-java libunirest-java-java libgoogle-api-client-java libaxmlrpc-java libdokujclient-java libhessian-java
  libjgit-java libsvnkit-java liblightcouch-java librobust-http-client-java librome-java libhttpunit-java libjsoup-java
  mono-mcs mono-runtime libmono-system-servicemodel4.0a-cil libmono-system-web-services4.0-cil
  libmono-system-web-extensions4.0-cil libmono-system-net-http4.0-cil libmono-system-net-http-formatting4.0-cil libmono-system-data-services-client4.0-cil
  libmono-system-xml-linq4.0-cil
  gsoap libgsoap-dev libcpprest-dev libpoco-dev libcpp-httplib-dev libcurlpp-dev libsoup2.4-dev qtbase5-dev
  libneon27-gnutls-dev libxmlrpc-core-c3-dev libjsonrpccpp-dev pkg-config
  golang-github-hashicorp-go-retryablehttp-dev golang-github-go-resty-resty-dev golang-github-parnurzeal-gorequest-dev
  golang-github-dghubble-sling-dev golang-github-valyala-fasthttp-dev golang-golang-x-oauth2-dev
  golang-github-mmcdole-gofeed-dev golang-github-google-go-github-dev golang-github-xanzy-go-gitlab-dev
  golang-github-slack-go-slack-dev golang-gopkg-telebot.v3-dev golang-gopkg-olivere-elastic.v5-dev
  golang-github-influxdata-influxdb1-client-dev golang-github-prometheus-client-golang-dev golang-github-mholt-acmez-dev
  golang-golang-x-crypto-dev golang-github-aws-aws-sdk-go-dev golang-github-minio-minio-go-v7-dev
  golang-github-azure-azure-storage-blob-go-dev golang-google-api-dev golang-github-digitalocean-godo-dev
  golang-github-hetznercloud-hcloud-go-dev golang-github-vultr-govultr-dev golang-github-ovh-go-ovh-dev
  golang-github-gophercloud-gophercloud-dev golang-github-ncw-swift-dev golang-github-kolo-xmlrpc-dev
  golang-github-machinebox-graphql-dev golang-github-shurcool-graphql-dev golang-github-gorilla-websocket-dev
  golang-nhooyr-websocket-dev golang-github-donovanhide-eventsource-dev golang-google-grpc-dev
  s3cmd restic rclone gh etcd-client prometheus lftp
  httpie aria2 lynx links elinks wget2 axel mercurial subversion monitoring-plugins-basic fossil brz transmission-cli yaz
)
# What the tests that start threads are built with.
test_build_packages=(clang-16 libclang-rt-16-dev libgtest-dev libgmock-dev mold)
# node, npm and kubectl stand apart: see missing_packages.
test_packages=(
  "${test_build_packages[@]}" libbenchmark-dev clang-format
  python3 python3-clang-16 python3-zeep python3-grpcio python3-protobuf chromium libxml2-utils nodejs npm
  curl brotli zstd shellcheck binutils git ruby-soap4r lintian mmdebstrap man-db systemd apache2-bin varnish squid
  ca-certificates nginx libnginx-mod-stream libnginx-mod-http-headers-more-filter haproxy caddy nghttp2-proxy nghttp2-client
  nghttp2-server h2o trafficserver testssl.sh faketime valgrind
  python3-jsonschema python3-yaml python3-prometheus-client zsh fish cadaver wget w3m python3-pip python3-urllib3
  golang-go cargo composer skopeo kubernetes-client subversion nextcloud-desktop-cmd owncloud-client-cmd openssl
  cups-client cups-ipp-utils
  fonts-noto-core fonts-liberation2 pngquant postgresql-15 pgbouncer
  "${museum_packages[@]}"
)

# Says something to the person who called the script; standard output stays the program's own.
say() { printf 'scripts/%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# usage_error WHAT: for an argument that is not understood.
usage_error() {
  say "$1; scripts/${0##*/} --help tells what it takes"
  exit 2
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this needs root, and there is no sudo here: $*"
  fi
}

# quietly WHAT COMMAND...: says WHAT and shows what COMMAND printed only if it fails.
quietly() {
  local what=$1 log status=0
  shift
  [[ -z $what ]] || say "$what"
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  ((status == 0)) || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

# alone NAME WHAT COMMAND...: runs COMMAND when no other script of this checkout runs one under that NAME; says that it waits,
# and that WHAT is going on. What COMMAND leaves running does not hold others up.
alone() {
  local lock=$root/build/.$1.lock what=$2
  shift 2
  mkdir -p "$root/build"
  (
    exec 9>>"$lock"
    flock --nonblock 9 || {
      say "waiting: another script $what"
      flock 9
    }
    "$@" 9>&-
  )
}

# missing_packages NAME...: those that are not installed, one a line. A node, npm or kubectl that is
# on the PATH will do, wherever it came from: Debian's npm does not go with a foreign node, nor its
# kubectl with another package of that name.
missing_packages() {
  local name installed
  installed=$(dpkg-query -W -f='${binary:Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
    sed -n 's/^\([^ :]*\).* installed$/\1/p') || true
  for name in "$@"; do
    case $name in
      nodejs) ! command -v node >/dev/null || continue ;;
      npm) ! command -v npm >/dev/null || continue ;;
      kubernetes-client) ! command -v kubectl >/dev/null || continue ;;
    esac
    grep -qxF -- "$name" <<<"$installed" || printf '%s\n' "$name"
  done
}

# ensure_packages NAME...: installs what is missing; silent and quick if nothing is.
ensure_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "no apt-get here; going on as if these were installed: $*"
    return 0
  fi
  [[ -z $(missing_packages "$@") ]] || alone packages "installs packages" install_packages "$@" || exit 1
}

# The machine itself may install something too, such as updates, so apt-get waits for that.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} > 0)) || return 0
  say "installing ${missing[*]}"
  quietly "" as_root apt-get update -q ||
    die "apt-get update failed; what it said is above"
  quietly "" without_starting_services env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y -o DPkg::Lock::Timeout=600 --no-install-recommends "${missing[@]}" ||
    die "apt-get install failed; what it said is above"
  keep_from_booting "${missing[@]}"
}

# keep_from_booting NAME...: servers that came with us do not start with the machine either.
# Those that were there before stay as they were.
keep_from_booting() {
  local name
  for name in "$@"; do
    [[ $name != nghttp2-proxy ]] || name=nghttpx
    [[ $name != postgresql-15 ]] || name=postgresql
    case $name in
      nginx | haproxy | caddy | nghttpx | h2o | trafficserver | varnish | squid | postgresql | pgbouncer)
        ! command -v systemctl >/dev/null || quietly "" as_root systemctl disable "$name" || true
        [[ ! -e /etc/init.d/$name ]] || quietly "" as_root update-rc.d "$name" disable || true
        ;;
    esac
  done
}

# without_starting_services COMMAND...: tests run servers of their own, so a package that brings
# one must not start it. Debian asks this file; one that is there already is somebody's own.
without_starting_services() (
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap 'as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  as_root "$@"
)

# build_preset PRESET TARGETS [SETTING]...: configures and builds in build/PRESET. TARGETS are
# separated by spaces. Prints only what the compiler said, and only if there is an error. Two builds at once would write the
# same files.
build_preset() {
  alone "$1" "is building in build/$1" configure_and_build "$@"
}

configure_and_build() {
  local preset=$1 targets
  read -ra targets <<<"$2"
  shift 2
  (cd "$root" && quietly "" cmake --preset "$preset" "$@") || return
  (cd "$root" && quietly "" cmake --build --preset "$preset" --target "${targets[@]}" -- --quiet)
}

# build_tuned [PROFILE]: the same compiled by a profile, build/tuned/intermission. Without PROFILE, a folder, a program
# that records one is built and trained first; the profile is then build/tuned/profile.
build_tuned() {
  local profile=${1-} recorded=$root/build/tuned/profile
  if [[ -z $profile ]]; then
    profile=$recorded
    rm -rf "$recorded"
    say "building a program that records what it does; this and the next step take some minutes each"
    build_preset tuned intermission -DINTERMISSION_TUNED=record "-DINTERMISSION_PROFILE=$recorded" ||
      die "the build failed; what the compiler said is above"
    say "training it"
    PYTHONPATH=$root/tests/support /usr/bin/python3 -B "$root/tests/bench/train.py" "$root/build/tuned/intermission" ||
      die "the training failed"
  fi
  [[ -n $(find "$profile" -name '*.gcda' -print -quit 2>/dev/null) ]] || die "there is no profile in $profile"
  say "building the program by the profile"
  build_preset tuned intermission -DINTERMISSION_TUNED=use "-DINTERMISSION_PROFILE=$(cd "$profile" && pwd)" ||
    die "the build failed; what the compiler said is above"
}

# build_release: the program as it is shipped, build/release/intermission.
build_release() {
  local program=$root/build/release/intermission
  if [[ ! -x $program ]]; then
    say "building the program; the first time takes some minutes"
  elif [[ -n $(find "$root"/{src,schemas,openapi,CMakeLists.txt,CMakePresets.json} \
    -newer "$program" -print -quit 2>/dev/null) ]]; then
    say "building what has changed"
  fi
  build_preset release intermission || die "the build failed; what the compiler said is above"
}
