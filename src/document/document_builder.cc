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

DocumentBuilder::DocumentBuilder(Document& out, Strictness strictness)
    : out_(out), strictness_(strictness), allocator_(out.value.GetAllocator()) {}

void DocumentBuilder::tolerate(std::string message, int line) {
  if (!is_lenient()) throw DocumentProblem{std::move(message), line};
  if (out_.oddities.size() < kMaxOddities) out_.oddities.push_back({std::move(message), line});
}

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
  frames_.push_back({is_object, anchor, values_.size(), pointer_.size(), {1, 0, 1}, {}, false, {}});
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
    tolerate("the key \"" + base::printable(text) + "\" is there twice, first on line " +
                 std::to_string(known->second),
             line);
    frame.has_duplicates = true;
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

void DocumentBuilder::merge_key(int line) {
  constexpr std::string_view kMerge = "<<";
  Frame& frame = frames_.back();
  frame.merges.push_back((values_.size() - frame.first) / 2);
  append_pointer(pointer_, kMerge);
  note(line);
  values_.emplace_back(kMerge.data(), json_size(kMerge.size()), allocator_);
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

rapidjson::Value DocumentBuilder::collect(const Frame& frame, int line) {
  const auto first = values_.begin() + static_cast<std::ptrdiff_t>(frame.first);
  const std::size_t count = values_.size() - frame.first;
  rapidjson::Value container(rapidjson::kArrayType);
  if (frame.is_object) {
    container = collect_members(frame, line);
  } else if (count > 0) {
    container.Reserve(json_size(count), allocator_);
    for (auto it = first; it != values_.end(); ++it) container.PushBack(*it, allocator_);
  }
  values_.erase(values_.begin() + static_cast<std::ptrdiff_t>(frame.first), values_.end());
  return container;
}

rapidjson::Value DocumentBuilder::collect_members(const Frame& frame, int line) {
  rapidjson::Value object(rapidjson::kObjectType);
  const std::size_t count = (values_.size() - frame.first) / 2;
  const auto is_merged = [&](std::size_t index) {
    return std::find(frame.merges.begin(), frame.merges.end(), index) != frame.merges.end();
  };
  for (std::size_t i = 0; i < count; ++i) {
    rapidjson::Value& key = values_[frame.first + 2 * i];
    rapidjson::Value& value = values_[frame.first + 2 * i + 1];
    if (is_merged(i)) continue;
    const auto known = frame.has_duplicates ? object.FindMember(key) : object.MemberEnd();
    if (known == object.MemberEnd()) {
      // RapidJSON 1.1.0 cannot reserve members, so its list grows by half now and then.
      object.AddMember(key, value, allocator_);
    } else {
      known->value = value;
    }
  }
  for (const std::size_t i : frame.merges) merge(object, values_[frame.first + 2 * i + 1], line);
  return object;
}

// Of several maps an earlier one goes before a later one.
void DocumentBuilder::merge(rapidjson::Value& object, rapidjson::Value& others, int line) {
  if (others.IsArray()) {
    for (auto& one : others.GetArray()) merge(object, one, line);
    return;
  }
  if (!others.IsObject()) {
    tolerate("expected a map, or several, to merge at <<, got something else", line);
    return;
  }
  for (auto& member : others.GetObject()) {
    if (!object.HasMember(member.name)) object.AddMember(member.name, member.value, allocator_);
  }
}

void DocumentBuilder::end() {
  const Frame frame = std::move(frames_.back());
  frames_.pop_back();
  pointer_.resize(frame.pointer_size);
  const int line = out_.line_of(pointer_);
  add(collect(frame, line), frame.cost, line, frame.anchor);
}

void DocumentBuilder::finish(int line) {
  if (values_.size() != 1 || !frames_.empty()) {
    throw DocumentProblem{"expected a document, got none", line};
  }
  static_cast<rapidjson::Value&>(out_.value) = std::move(values_.front());
  values_.clear();
}

}  // namespace intermission::document
