#include "control/dashboard.h"

#include <kainjow/mustache.hpp>
#include <string_view>

#include "page/content_policy.h"
#include "page/page_style.h"

namespace intermission::embedded {
extern const std::string_view dashboard_page;
extern const std::string_view dashboard_script;
extern const std::string_view dashboard_style;
}  // namespace intermission::embedded

namespace intermission::control {

Dashboard make_dashboard() {
  kainjow::mustache::mustache page{std::string(embedded::dashboard_page)};
  kainjow::mustache::data values;
  values.set("style", std::string(embedded::dashboard_style));
  values.set("script", std::string(embedded::dashboard_script));
  values.set("picture", std::string(page::theme_picture("horizon")));
  Dashboard dashboard;
  dashboard.document = page.render(values);
  // No other page may put it into a frame, where a click could be stolen.
  dashboard.policy = page::content_policy(dashboard.document) + "; frame-ancestors 'none'";
  return dashboard;
}

}  // namespace intermission::control
