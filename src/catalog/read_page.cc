// How the page looks and what it offers. A service inherits what it does not write itself, key
// by key; links and colours as a whole.
#include <algorithm>
#include <kainjow/mustache.hpp>
#include <optional>

#include "base/colour.h"
#include "base/read_file.h"
#include "base/text.h"
#include "catalog/logo.h"
#include "catalog/readers.h"

namespace intermission::catalog {
namespace {

using Colors = PageSettings::Colors;

constexpr std::size_t kMaxTemplateBytes = 256 * 1024;

/// The file that the node names, seen from the configuration's own folder.
std::optional<std::string> read_file(const Node& node, std::size_t most, Problems& problems) {
  const std::string path = node.path();
  auto text = base::read_file(path, most);
  if (text) return std::move(*text);
  problems.note(node.error(base::printable(path, 200) + ": " + text.error().message));
  return {};
}

void read_logo(const Node& node, PageSettings& page, Problems& problems) {
  const auto bytes = read_file(node, 16 * kMaxLogoBytes, problems);
  if (!bytes) return;
  const auto url = logo_url(*bytes);
  if (url) {
    page.logo = *url;
  } else {
    problems.note(node.error(url.error().text()));
  }
}

// How deep the sections of a template lie in each other. Tags stand between "{{" and "}}", or what
// {{=<% %>=}} puts in their place.
std::size_t depth_of(std::string_view text) {
  std::string open = "{{";
  std::string close = "}}";
  std::size_t depth = 0;
  std::size_t deepest = 0;
  for (auto at = text.find(open); at != std::string_view::npos; at = text.find(open)) {
    text.remove_prefix(at + open.size());
    const std::string_view tag = base::trim(text.substr(0, text.find(close)));
    if (tag.starts_with('#') || tag.starts_with('^')) deepest = std::max(deepest, ++depth);
    if (tag.starts_with('/') && depth > 0) --depth;
    const auto blank = tag.find(' ');
    if (tag.size() < 4 || tag.front() != '=' || tag.back() != '=' ||
        blank == std::string_view::npos) {
      continue;
    }
    text.remove_prefix(tag.size());
    open = tag.substr(1, blank - 1);
    close = base::trim(tag.substr(blank, tag.size() - blank - 1));
    if (open.empty() || close.empty()) break;
  }
  return deepest;
}

std::string read_template(const Node& node, Problems& problems) {
  constexpr std::size_t kDeepest = 50;
  const std::string text = read_file(node, kMaxTemplateBytes, problems).value_or("");
  // Each level costs the parser all that lies in it.
  if (depth_of(text) > kDeepest) {
    problems.note(node.error("expected a template whose sections are nested at most " +
                             std::to_string(kDeepest) + " deep"));
    return {};
  }
  const kainjow::mustache::mustache parsed{text};
  if (parsed.is_valid()) return text;
  problems.note(node.error("expected a Mustache template, got: " + parsed.error_message()));
  return {};
}

std::string read_colour(const Node& node) {
  return std::string(node.text());
}

// Pairs that are both the operator's must be readable; a theme's own colours are.
void check_contrast(const Node& node, const char* one, const char* other, Problems& problems) {
  constexpr double kLeast = 4.5;  // WCAG 2.2 §1.4.3
  const auto first = base::Colour::parse(node[one].text());
  const auto second = base::Colour::parse(node[other].text());
  if (!first || !second || base::contrast(*first, *second) >= kLeast) return;
  problems.note(node[one].expected(std::string("a colour that can be read on the ") + other +
                                   " (a contrast of 4.5 or more)"));
}

Colors read_colors(const Node& node, Problems& problems) {
  check_contrast(node, "text", "background", problems);
  check_contrast(node, "accent", "background", problems);
  return {read_colour(node["accent"]), read_colour(node["text"]), read_colour(node["background"])};
}

/// The label of a link that is configured without one: its address without the scheme.
std::string label_of(std::string_view url) {
  std::string_view label = url.substr(url.find(':') + 1);
  while (label.starts_with('/')) label.remove_prefix(1);
  while (label.ends_with('/')) label.remove_suffix(1);
  return std::string(label);
}

std::vector<PageSettings::Link> read_links(const Node& node, Problems& problems) {
  std::vector<PageSettings::Link> links;
  for (const Node& item : node.items()) {
    const std::string_view url = item["url"].text();
    links.push_back({std::string(url),
                     item["label"] ? read_text(item["label"], false, problems) : label_of(url)});
  }
  return links;
}

}  // namespace

PageSettings read_page(const Node& node, const PageSettings& inherited, Problems& problems) {
  PageSettings page = inherited;
  if (const Node theme = node["theme"]) page.theme = theme.text();
  if (const Node name = node["name"]) page.name = read_text(name, false, problems);
  if (const Node logo = node["logo"]) read_logo(logo, page, problems);
  if (const Node links = node["links"]) page.links = read_links(links, problems);
  if (const Node colors = node["colors"]) {
    page.light = read_colors(colors, problems);
    page.dark = read_colors(colors["dark"], problems);
  }
  if (const Node zone = node["zone"]) {
    page.zone = zone.text();
    // Browsers work the times out, so a system without a database does as well.
    if (base::Zone::has_database()) read_zone(zone, problems);
  }
  if (const Node document = node["template"]) {
    page.document = read_template(document, problems);
  }
  return page;
}

}  // namespace intermission::catalog
