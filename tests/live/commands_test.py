"""More tools at a terminal, as they come from Debian: what their user reads during maintenance.
tests/support/terminal.py says how they run."""

import unittest

from terminal import MESSAGE, Terminal, version_of

DOWNLOAD = "orders.tar.gz"


class Commands(Terminal):
    def shows(self, client, speaks, words, *command, version=None):
        """An exhibit: the first line of what the command printed that has `words`, from there on."""
        _, said = self.run_tool(*command)
        line = self.line_with(words, said)
        # How many bytes came, and how fast, differs from run to run.
        self.exhibit(client, version_of(*(version or (command[0], "--version"))), speaks,
                     line[line.index(words):].partition(" - ")[0])

    def test_httpie_shows_the_message(self):
        self.shows("HTTPie", "REST", f'"message": "{MESSAGE}', "http", "--ignore-stdin", "--pretty=format",
                   f"{self.url}/v1/orders")

    def test_browsers_in_text_show_the_page(self):
        for client, *options in (("lynx", "-dump", "-nolist"), ("links", "-dump"), ("elinks", "-dump", "-no-home")):
            with self.subTest(client):
                # A path for each, so that one is not taken for another that comes back.
                _, said = self.run_tool(client, *options, f"{self.url}/{client}", TERM="xterm")
                self.exhibit(client, version_of(client, "-version"), "page", f"the page: {self.line_with(MESSAGE, said)}")

    def test_downloaders_save_nothing(self):
        for client, words, *options in (("wget2", "HTTP ERROR", "--tries=1"), ("aria2c", "The response status", "--max-tries=1"),
                                        ("axel", "ERROR 503")):
            with self.subTest(client):
                self.shows(client, "downloads", words, client, *options, f"{self.url}/{client}/{DOWNLOAD}")
                self.assertEqual([one.name for one in self.folder.iterdir() if one.name == DOWNLOAD], [])

    def test_gem_learns_the_status(self):
        self.shows("gem", "RubyGems, installing", "bad response", "gem", "install", "orders", "--clear-sources",
                   "--source", f"{self.url}/gems/")

    def test_gem_shows_the_message_of_a_push(self):
        (self.folder / "orders.gemspec").write_text(
            'Gem::Specification.new("orders", "1") { |gem| gem.summary = gem.author = "Orders" }\n', encoding="utf-8")
        self.run_tool("gem", "build", "orders.gemspec")
        _, said = self.run_tool("gem", "push", "orders-1.gem", "--host", self.url, GEM_HOST_API_KEY="x")
        self.exhibit("gem", version_of("gem", "--version"), "RubyGems, pushing", self.line_with(MESSAGE, said))

    def test_transmission_shows_the_whole_answer(self):
        self.shows("transmission-remote", "Transmission", "Unexpected response", "transmission-remote",
                   f"{self.url}/transmission/", "-l", version=("dpkg-query", "-W", "-f=${Version}", "transmission-cli"))

    def test_fossil_learns_the_status(self):
        self.shows("Fossil", "Fossil", "server says", "fossil", "clone", "--admin-user", "ann", f"{self.url}/shop", "shop.fossil",
                   version=("fossil", "version"))

    def test_breezy_learns_the_status(self):
        self.shows("Breezy", "Bazaar", "brz: ERROR", "brz", "branch", f"{self.url}/shop.bzr", "shop")

    def test_subversion_shows_the_message(self):
        self.shows("Subversion", "Subversion", "svn: E175002", "svn", "info", "--non-interactive", f"{self.url}/svn/orders")

    def test_mercurial_learns_the_status(self):
        self.shows("Mercurial", "Mercurial", "abort:", "hg", "clone", f"{self.url}/shop", "shop")

    def test_a_monitor_warns(self):
        host, port = self.url.removeprefix("http://").split(":")
        self.shows("check_http", "monitoring", "HTTP CRITICAL", "/usr/lib/nagios/plugins/check_http", "-H", host, "-p", port)

    def test_xmllint_learns_the_status(self):
        self.shows("xmllint", "XML documents", "failed to load", "xmllint", f"{self.url}/orders.xml",
                   version=("dpkg-query", "-W", "-f=${Version}", "libxml2-utils"))


if __name__ == "__main__":
    unittest.main()
