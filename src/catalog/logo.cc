#include "catalog/logo.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <sstream>
#include <vector>

#include "base/base64.h"
#include "base/hex.h"
#include "base/text.h"

namespace intermission::catalog {
namespace {

constexpr std::array<std::string_view, 22> kElements = {
    "circle",   "clipPath",       "defs",  "desc", "ellipse", "g",
    "line",     "linearGradient", "mask",  "path", "pattern", "polygon",
    "polyline", "radialGradient", "rect",  "stop", "svg",     "symbol",
    "text",     "title",          "tspan", "use"};

constexpr std::array<std::string_view, 61> kAttributes = {"aria-label",
                                                          "class",
                                                          "clip-path",
                                                          "clip-rule",
                                                          "clipPathUnits",
                                                          "color",
                                                          "cx",
                                                          "cy",
                                                          "d",
                                                          "dominant-baseline",
                                                          "dx",
                                                          "dy",
                                                          "fill",
                                                          "fill-opacity",
                                                          "fill-rule",
                                                          "font-family",
                                                          "font-size",
                                                          "font-weight",
                                                          "fr",
                                                          "fx",
                                                          "fy",
                                                          "gradientTransform",
                                                          "gradientUnits",
                                                          "height",
                                                          "href",
                                                          "id",
                                                          "letter-spacing",
                                                          "mask",
                                                          "maskUnits",
                                                          "offset",
                                                          "opacity",
                                                          "pathLength",
                                                          "patternTransform",
                                                          "patternUnits",
                                                          "points",
                                                          "preserveAspectRatio",
                                                          "r",
                                                          "role",
                                                          "rx",
                                                          "ry",
                                                          "spreadMethod",
                                                          "stop-color",
                                                          "stop-opacity",
                                                          "stroke",
                                                          "stroke-dasharray",
                                                          "stroke-dashoffset",
                                                          "stroke-linecap",
                                                          "stroke-linejoin",
                                                          "stroke-miterlimit",
                                                          "stroke-opacity",
                                                          "stroke-width",
                                                          "text-anchor",
                                                          "transform",
                                                          "viewBox",
                                                          "width",
                                                          "x",
                                                          "x1",
                                                          "x2",
                                                          "xmlns",
                                                          "y",
                                                          "y1"};

template <std::size_t N>
bool lists(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The functions of CSS and of transform that load nothing.
constexpr std::array<std::string_view, 19> kFunctions = {
    "rgb",        "rgba",    "hsl",    "hsla",    "matrix", "translate", "translatex",
    "translatey", "scale",   "scalex", "scaley",  "rotate", "skewx",     "skewy",
    "circle",     "ellipse", "inset",  "polygon", "path"};

constexpr bool is_name_character(char c) {
  return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_' || (c & 0x80) != 0;
}

// `argument` is what stands between the parentheses of url(…).
bool is_fragment(std::string_view argument) {
  argument = base::trim(argument);
  const bool quoted = argument.size() > 1 && argument.front() == argument.back() &&
                      (argument.front() == '"' || argument.front() == '\'');
  if (quoted) argument = argument.substr(1, argument.size() - 2);
  return argument.starts_with('#') && std::all_of(argument.begin() + 1, argument.end(), [](char c) {
           return is_name_character(c) || c == '.' || c == ':';
         });
}

// CSS knows escapes, comments and ever more functions that load a file: what is not known to load
// nothing does not stay.
bool calls_nothing_foreign(std::string_view value) {
  if (value.find_first_of("\\@") != std::string_view::npos) return false;
  for (auto open = value.find('('); open != std::string_view::npos;
       open = value.find('(', open + 1)) {
    std::size_t end = open;
    while (end > 0 && value[end - 1] == ' ') --end;
    std::size_t start = end;
    while (start > 0 && is_name_character(value[start - 1])) --start;
    const std::string function = base::to_lower(value.substr(start, end - start));
    if (lists(kFunctions, function)) continue;
    const auto close = value.find(')', open);
    if (function != "url" || close == std::string_view::npos) return false;
    if (!is_fragment(value.substr(open + 1, close - open - 1))) return false;
  }
  return true;
}

// References stay inside the picture: "#id", or url(#id) in a paint.
bool stays_inside(std::string_view name, std::string_view value) {
  if (name == "aria-label") return true;  // text, which is not CSS
  if (name == "href") return is_fragment(value);
  if (name == "xmlns") return value == "http://www.w3.org/2000/svg";
  return calls_nothing_foreign(value);
}

void keep_what_draws(pugi::xml_node element) {
  std::vector<pugi::xml_attribute> foreign;
  for (const pugi::xml_attribute attribute : element.attributes()) {
    const std::string_view name = attribute.name();
    const bool known = lists(kAttributes, name) || name == "y2";
    if (!known || !stays_inside(name, attribute.value())) foreign.push_back(attribute);
  }
  for (const auto& attribute : foreign) element.remove_attribute(attribute);
  std::vector<pugi::xml_node> others;
  for (const pugi::xml_node child : element.children()) {
    const bool text = child.type() == pugi::node_pcdata;
    if (!text && (child.type() != pugi::node_element || !lists(kElements, child.name()))) {
      others.push_back(child);
    } else {
      keep_what_draws(child);
    }
  }
  for (const auto& child : others) element.remove_child(child);
}

// Besides letters and digits: what may stand in a URL and in an attribute as it is. Coded text
// compresses well, base64 does not.
constexpr std::string_view kPlainInUrl = "-._~:/=;,()!*";

base::Result<std::string> svg_url(std::string_view bytes) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default);
  const pugi::xml_node svg = document.child("svg");
  if (!parsed || !svg) return base::Error{"expected an SVG document in a logo, got other XML"};
  keep_what_draws(svg);
  std::ostringstream out;
  svg.print(out, "", pugi::format_raw);
  return "data:image/svg+xml," + base::percent_encoded(out.str(), kPlainInUrl);
}

}  // namespace

base::Result<std::string> logo_url(std::string_view bytes) {
  if (bytes.size() > kMaxLogoBytes) {
    return base::Error{"expected a logo of at most " + std::to_string(kMaxLogoBytes) +
                       " bytes, got " + std::to_string(bytes.size())};
  }
  const auto as = [&](const char* type) {
    return std::string("data:image/") + type + ";base64," + base::base64(bytes);
  };
  if (bytes.starts_with("\x89PNG")) return as("png");
  if (bytes.starts_with("\xff\xd8\xff")) return as("jpeg");
  if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP")
    return as("webp");
  if (bytes.find("<svg") != std::string_view::npos) return svg_url(bytes);
  return base::Error{"expected a logo in PNG, JPEG, WebP or SVG, got something else"};
}

}  // namespace intermission::catalog
