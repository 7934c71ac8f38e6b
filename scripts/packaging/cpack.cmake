# For cpack: the .deb of what scripts/package has laid out under INTERMISSION_ROOT as it will be installed.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME intermission)
set(CPACK_PACKAGE_VERSION "$ENV{INTERMISSION_VERSION}")
set(CPACK_PACKAGE_CONTACT "Intermission maintainers <maintainers@intermission.invalid>")
set(CPACK_INSTALLED_DIRECTORIES "$ENV{INTERMISSION_ROOT};/")
set(CPACK_PACKAGING_INSTALL_PREFIX "/")
set(CPACK_SET_DESTDIR OFF)
set(CPACK_STRIP_FILES OFF)

set(CPACK_PACKAGE_FILE_NAME intermission)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION httpd)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata, libcurl4")
set(CPACK_DEBIAN_PACKAGE_PREDEPENDS "init-system-helpers (>= 1.54~)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, procps, libpq5")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "logrotate")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "answer for services in maintenance, as each client understands")
set(CPACK_PACKAGE_DESCRIPTION "When a service is down for maintenance, something else must answer for it.
Intermission answers every request in its place, in the form that its own
client understands: a page for a browser, problem details for a REST client,
a fault for a SOAP consumer, a status for gRPC.
.
It stands behind a router, which sends it the traffic of a service that is
down, or asks it before each request.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(debian "$ENV{INTERMISSION_SOURCE}/deploy/debian")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${debian}/postinst;${debian}/prerm;${debian}/postrm;$ENV{INTERMISSION_CONFFILES}")
