#include "page/page_style.h"

#include <algorithm>
#include <array>

#include "base/colour.h"

namespace intermission::embedded {
extern const std::string_view page_style;
extern const std::string_view theme_board;
extern const std::string_view theme_horizon;
extern const std::string_view theme_horizon_picture;
extern const std::string_view theme_letter;
extern const std::string_view theme_poster;
}  // namespace intermission::embedded

namespace intermission::page {
namespace {

using Colors = catalog::PageSettings::Colors;

constexpr std::array<std::string_view, 4> kThemes = {"horizon", "letter", "board", "poster"};

std::string_view theme_style(std::string_view theme) {
  if (theme == "letter") return embedded::theme_letter;
  if (theme == "board") return embedded::theme_board;
  if (theme == "poster") return embedded::theme_poster;
  return embedded::theme_horizon;
}

/// The section of that name, without its mark; the first one has no name.
std::string_view section(std::string_view sheet, std::string_view name) {
  if (!name.empty()) {
    const std::string mark = "/* @" + std::string(name) + " */\n";
    const auto start = sheet.find(mark);
    if (start == std::string_view::npos) return {};
    sheet.remove_prefix(start + mark.size());
  }
  return sheet.substr(0, sheet.find("/* @"));
}

// The operator's colours, in the variables that every theme uses. What is between text and
// background follows them.
std::string own_colors(const Colors& colors) {
  std::string out;
  if (!colors.accent.empty()) {
    out += ";--accent:" + colors.accent +
           ";--on:" + std::string(base::readable_on(base::Colour::parse(colors.accent).value()));
  }
  if (!colors.background.empty()) {
    out += ";--paper:" + colors.background + ";--row:" + colors.background +
           ";--sky:none;--desk:" + colors.background;
  }
  if (!colors.text.empty()) {
    out += ";--ink:" + colors.text + ";--soft:" + colors.text + ";--lamp:" + colors.text;
  }
  return out;
}

std::string root(std::string_view sheet, std::string_view scheme, const Colors& colors) {
  std::string_view declarations = section(sheet, scheme);
  while (declarations.ends_with('\n')) declarations.remove_suffix(1);
  return ":root{" + std::string(declarations) + own_colors(colors) + "}";
}

std::string schemes(std::string_view sheet, const catalog::PageSettings& settings,
                    Fit::Scheme scheme) {
  const std::string light = root(sheet, "light", settings.light);
  const std::string dark = root(sheet, "dark", settings.dark);
  if (scheme == Fit::Scheme::kLight) return light + "\n";
  if (scheme == Fit::Scheme::kDark) return dark + "\n";
  return light + "\n@media (prefers-color-scheme:dark){" + dark + "}\n";
}

}  // namespace

std::span<const std::string_view> theme_names() {
  return kThemes;
}

std::string page_style(const catalog::PageSettings& settings, const Fit& fit) {
  const std::string_view theme = theme_style(settings.theme);
  std::string style = schemes(theme, settings, fit.scheme);
  const auto add = [&](std::string_view name) {
    style += section(embedded::page_style, name);
    style += section(theme, name);
  };
  add("");
  if (!fit.narrow) add("wide");
  if (!fit.still) add("motion");
  if (!fit.chromium) add("others");
  return style;
}

std::string_view theme_picture(std::string_view theme) {
  return theme == "horizon" ? embedded::theme_horizon_picture : std::string_view{};
}

}  // namespace intermission::page
