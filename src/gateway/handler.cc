#include "gateway/handler.h"

#include "gateway/answer.h"

namespace intermission::gateway {

http::BodyUse Handler::body_use(const http::Request& head) {
  return needs_body(head, *reader_.current()) ? http::BodyUse::kPeek : http::BodyUse::kDiscard;
}

void Handler::answer(const http::Request& request, http::Response& response) {
  const SnapshotPtr& snapshot = reader_.current();
  gateway::answer(request, *snapshot, {clock_.now(), draw_()}, response);
  // Counting references costs more than copying a small body, so only who needs it is counted.
  if (response.body.data() != response.text.data()) response.owner = snapshot;
}

}  // namespace intermission::gateway
