#include "document/document_builder.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"

namespace intermission::document {
namespace {

rapidjson::SizeType json_size(std::size_t size) {
  return static_cast<rapidjson::SizeType>(size);
}
static_assert(kMaxDocumentBytes < std::numeric_limits<rapidjson::SizeType>::max());

}  // namespace

DocumentBuilder::DocumentBuilder(Document& out) : out_(out), allocator_(out.value.GetAllocator()) {}

void DocumentBuilder::note(int line) {
  pointer_bytes_ += pointer_.size();
  if (pointer_bytes_ <= kMaxPointerBytes) out_.lines.emplace(pointer_, line);
}

void DocumentBuilder::place(int line) {
  if (frames_.empty()) return note(line);
  if (frames_.back().is_object) return;  // its key did it
  const std::size_t index = values_.size() - frames_.back().first;
  append_pointer(pointer_, index);
  note(line);
}

void DocumentBuilder::charge(const Cost& cost, int line) {
  total_values_ += cost.values;
  copied_bytes_ += cost.bytes;
  if (total_values_ > kMaxDocumentValues) {
    throw DocumentProblem{"expected at most " + std::to_string(kMaxDocumentValues) +
                              " values, those that aliases repeat included",
                          line};
  }
  if (copied_bytes_ > kMaxDocumentBytes) {
    throw DocumentProblem{"expected aliases to repeat at most " +
                              std::to_string(kMaxDocumentBytes) + " bytes of text",
                          line};
  }
}

void DocumentBuilder::begin(bool is_object, int line, Anchor anchor) {
  place(line);
  if (frames_.size() >= kMaxDocumentDepth) {
    throw DocumentProblem{
        "expected at most " + std::to_string(kMaxDocumentDepth) + " levels of nesting", line};
  }
  charge({1, 0, 0}, line);
  frames_.push_back({is_object, anchor, values_.size(), pointer_.size(), {1, 0, 1}, {}});
  has_key_ = false;
}

void DocumentBuilder::key(std::string_view text, int line, Anchor anchor) {
  Frame& frame = frames_.back();
  if (text.size() > kMaxKeyBytes) {
    throw DocumentProblem{"expected a key of at most " + std::to_string(kMaxKeyBytes) + " bytes",
                          line};
  }
  const auto [known, is_new] = frame.keys.emplace(text, line);
  if (!is_new) {
    throw DocumentProblem{"the key \"" + base::printable(text) +
                              "\" is there twice, first on line " + std::to_string(known->second),
                          line};
  }
  frame.cost.bytes += text.size();
  append_pointer(pointer_, text);
  note(line);
  values_.emplace_back(text.data(), json_size(text.size()), allocator_);
  if (anchor != 0) {
    charge({1, text.size(), 0}, line);
    rapidjson::Value copy(text.data(), json_size(text.size()), allocator_);
    anchored_[anchor] = {std::move(copy), {1, text.size(), 0}};
  }
  has_key_ = true;
}

void DocumentBuilder::text(std::string_view text, int line, Anchor anchor) {
  place(line);
  charge({1, 0, 0}, line);
  add(rapidjson::Value(text.data(), json_size(text.size()), allocator_), {1, text.size(), 0}, line,
      anchor);
}

void DocumentBuilder::scalar(rapidjson::Value value, int line, Anchor anchor) {
  place(line);
  charge({1, 0, 0}, line);
  add(std::move(value), {1, 0, 0}, line, anchor);
}

void DocumentBuilder::alias(int line, Anchor anchor) {
  const auto found = anchored_.find(anchor);
  if (found == anchored_.end()) {
    throw DocumentProblem{"an alias cannot stand inside the value that it repeats", line};
  }
  const Anchored& original = found->second;
  if (wants_key()) {
    if (!original.value.IsString()) {
      throw DocumentProblem{"expected text as a key, got an alias of something else", line};
    }
    // A view into the pool, which nothing frees before the document.
    return key({original.value.GetString(), original.value.GetStringLength()}, line);
  }
  place(line);
  charge(original.cost, line);
  if (frames_.size() + original.cost.height > kMaxDocumentDepth) {
    throw DocumentProblem{"expected at most " + std::to_string(kMaxDocumentDepth) +
                              " levels of nesting, those that aliases repeat included",
                          line};
  }
  add(rapidjson::Value(original.value, allocator_), original.cost, line, 0);
}

void DocumentBuilder::add(rapidjson::Value value, const Cost& cost, int line, Anchor anchor) {
  if (anchor != 0) {
    charge(cost, line);
    anchored_[anchor] = {rapidjson::Value(value, allocator_), cost};
  }
  values_.push_back(std::move(value));
  has_key_ = false;
  if (frames_.empty()) return;
  Frame& parent = frames_.back();
  parent.cost.values += cost.values;
  parent.cost.bytes += cost.bytes;
  parent.cost.height = std::max(parent.cost.height, cost.height + 1);
  pointer_.resize(parent.pointer_size);
}

rapidjson::Value DocumentBuilder::collect(const Frame& frame) {
  const auto first = values_.begin() + static_cast<std::ptrdiff_t>(frame.first);
  const std::size_t count = values_.size() - frame.first;
  rapidjson::Value container(frame.is_object ? rapidjson::kObjectType : rapidjson::kArrayType);
  if (frame.is_object) {
    // RapidJSON 1.1.0 cannot reserve members, so its list grows by half now and then.
    for (auto it = first; it != values_.end(); it += 2) {
      container.AddMember(*it, *(it + 1), allocator_);
    }
  } else if (count > 0) {
    container.Reserve(json_size(count), allocator_);
    for (auto it = first; it != values_.end(); ++it) container.PushBack(*it, allocator_);
  }
  values_.erase(first, values_.end());
  return container;
}

void DocumentBuilder::end() {
  const Frame frame = std::move(frames_.back());
  frames_.pop_back();
  pointer_.resize(frame.pointer_size);
  add(collect(frame), frame.cost, out_.line_of(pointer_), frame.anchor);
}

void DocumentBuilder::finish(int line) {
  if (values_.size() != 1 || !frames_.empty()) {
    throw DocumentProblem{"expected a document, got none", line};
  }
  static_cast<rapidjson::Value&>(out_.value) = std::move(values_.front());
  values_.clear();
}

}  // namespace intermission::document
