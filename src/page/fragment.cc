#include "page/fragment.h"

#include <kainjow/mustache.hpp>

#include "page/words.h"

namespace intermission::page {

std::string html_fragment(const Notice& notice) {
  namespace mustache = kainjow::mustache;
  mustache::data values;
  values.set("language", std::string(notice.language));
  values.set("text", spoken_text(notice));
  mustache::mustache fragment{std::string(R"(<p role="alert" lang="{{language}}">{{text}}</p>)")};
  return fragment.render(values);
}

}  // namespace intermission::page
