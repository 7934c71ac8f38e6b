"""The museum's clients in Java."""

import unittest

from museum_program import PROGRAMS, MuseumProgram

#Debian's jars name what they need themselves in some cases, but not in all.
JARS = """
    javax.xml.soap-api saaj-impl jaxws-api jaxws-rt jaxb-api jaxb-runtime jaxb-core jws-api javax.activation istack-commons-runtime
    stax-ex streambuffer metro-policy gmbal glassfish-management-api mimepull woodstox-core stax2-api xml-resolver txw2
    FastInfoset geronimo-annotation-1.3-spec
    axis axis-jaxrpc commons-discovery commons-logging wsdl4j javax.mail
    spring3-web spring3-core spring3-beans spring3-context spring3-aop
    httpclient httpcore fluent-hc httpasyncclient httpcore-nio httpmime httpclient5 httpclient5-fluent httpcore5 httpcore5-h2
    slf4j-api slf4j-nop commons-codec commons-httpclient wagon-http wagon-http-shared wagon-provider-api plexus-utils2 jsoup commons-io
    okhttp okio jetty9-client jetty9-http jetty9-io jetty9-util unirest-java com.android.json
    jaxrs-api resteasy-client resteasy-jaxrs jboss-logging jersey1-client jersey1-core
    google-http-client google-http-client-gson google-api-client google-oauth-client
    opencensus-api opencensus-contrib-http-util grpc-context guava gson
    org.eclipse.jgit jsch javaewah svnkit sequence-library sqljet antlr3-runtime jna jna-platform trilead-ssh2 lightcouch
    axmlrpc dokujclient hessian robust-http-client
    httpunit nekohtml xercesImpl rhino servlet-api-3.1 jtidy rome rome-utils jdom2
""".split()


class Java(MuseumProgram):
    def build(self, folder):
        path = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)
        self.call(["/usr/bin/javac", "-nowarn", "-cp", path, "-d", folder, PROGRAMS / "Clients.java"], folder)
        # Hessian is older than the walls between modules.
        return ["/usr/bin/java", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", f"{folder}:{path}", "Clients"]


del MuseumProgram

if __name__ == "__main__":
    unittest.main()
