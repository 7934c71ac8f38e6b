// preview.h says what is served, and why as a 503.
#include <algorithm>

#include "report/preview.h"

namespace intermission::report {
namespace {

using Files = std::vector<PreviewFile>;

class PreviewHandler final : public http::Handler {
 public:
  explicit PreviewHandler(std::shared_ptr<const Files> files) : files_(std::move(files)) {}

  http::BodyUse body_use(const http::Request&) override { return http::BodyUse::kDiscard; }

  http::Handled answer(const http::Request& request, http::Response& response) override {
    const std::string name =
        request.path() == "/" ? "/" + std::string(kPreviewIndex) : std::string(request.path());
    const auto file = std::find_if(files_->begin(), files_->end(),
                                   [&](const PreviewFile& one) { return "/" + one.name == name; });
    response.add_field("Cache-Control", "no-store");
    response.add_field("X-Content-Type-Options", "nosniff");
    if (file == files_->end()) {
      response.status = 404;
      response.add_field("Content-Type", "text/plain; charset=utf-8");
      response.body.refer("Not found; / lists the pages.\n");
      return {};
    }
    response.add_field("Content-Type", "text/html; charset=utf-8");
    response.body.refer(file->text);
    if (file->policy.empty()) {
      response.status = 200;
      return {};
    }
    // Without these the page would take this for the service that is back, and load again.
    response.add_field("Retry-After", "120");
    response.add_field("X-Maintenance", "preview");
    response.add_field("Content-Security-Policy", file->policy);
    return {};
  }

 private:
  std::shared_ptr<const Files> files_;  // their bytes are sent from where they lie
};

}  // namespace

std::unique_ptr<http::Handler> preview_handler(std::shared_ptr<const Files> files) {
  return std::make_unique<PreviewHandler>(std::move(files));
}

}  // namespace intermission::report
