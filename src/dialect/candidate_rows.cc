#include "dialect/candidate_rows.h"

#include <bit>

#include "dialect/trigger_index.h"

namespace intermission::dialect {
namespace {

Rows by_fields(const TriggerIndex& index, std::size_t method, http::FieldSet present) {
  Rows rows = 0;
  present.both(index.fields[method]).for_each([&](http::Field field) {
    rows |= index.by_field[static_cast<std::size_t>(field)][method];
  });
  return rows;
}

Rows by_path(const TriggerIndex& index, std::size_t method, std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);
  Rows rows = index.last_segments.find(last)[method];
  const auto dot = last.rfind('.');
  if (dot != std::string_view::npos) rows |= index.last_segments.find(last.substr(dot))[method];
  const std::string_view rest = path.empty() ? path : path.substr(1);
  return rows | index.first_segments.find(rest.substr(0, rest.find('/')))[method];
}

Rows by_query(const WordIndex& words, std::size_t method, std::string_view query) {
  Rows rows = 0;
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view parameter = query.substr(0, end);
    rows |= words.find(parameter.substr(0, parameter.find('=')))[method];
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
  }
  return rows;
}

}  // namespace

CandidateRows::CandidateRows(RequestEvidence& evidence, Rows disabled)
    : index_(TriggerIndex::of_table()),
      evidence_(evidence),
      method_(static_cast<std::size_t>(std::countr_zero(evidence.method_class()))),
      disabled_(disabled) {
  const http::Request& request = evidence.request();
  triggered_ = index_.always[method_] | by_fields(index_, method_, request.present());
  if (index_.reads_path[method_] != 0) {
    triggered_ |= by_path(index_, method_, request.path());
  }
  if (index_.reads_query[method_] != 0) {
    triggered_ |= by_query(index_.parameters, method_, request.query());
  }
  left_ = ~disabled_;
  content_type_unread_ = index_.reads_content_type[method_];
  accept_unread_ = index_.reads_accept[method_];
  product_unread_ = index_.reads_product[method_];
}

Rows CandidateRows::by_content_type() {
  const auto& type = evidence_.content_type();
  RowsByMethod rows{};
  add_rows_for_type(index_.content_types, type ? type->whole : "", rows);
  return rows[method_];
}

Rows CandidateRows::by_product() {
  const std::string_view agent = evidence_.value(http::Field::kUserAgent);
  return index_.products.find(product_of(agent))[method_];
}

// Reads the field that the next row before `first` depends on; false if none of them does.
bool CandidateRows::reads_what_matters_before(Rows first) {
  const Rows before = left_ & (first - 1);  // all that are left, if `first` is 0
  const Rows unread = (content_type_unread_ | accept_unread_ | product_unread_) & before;
  if (unread == 0) return false;
  const Rows next = unread & -unread;
  if ((content_type_unread_ & next) != 0) {
    content_type_unread_ = 0;
    triggered_ |= by_content_type();
  } else if ((accept_unread_ & next) != 0) {
    accept_unread_ = 0;
    triggered_ |= evidence_.rows_by_accept()[method_];
  } else {
    product_unread_ = 0;
    triggered_ |= by_product();
  }
  return true;
}

void CandidateRows::consult_before(std::size_t row) {
  if (disabled_ == 0) {
    evidence_.consult(index_.consulted[method_][row]);
    return;
  }
  for (std::size_t i = 0; i < row; ++i) {
    if ((disabled_ >> i & 1U) == 0) evidence_.consult(index_.read_for[method_][i]);
  }
}

std::optional<std::size_t> CandidateRows::next() {
  Rows first = 0;
  do {
    const Rows rows = triggered_ & left_;
    first = rows & -rows;
  } while (reads_what_matters_before(first));
  left_ &= ~(first | (first - 1));
  if (first == 0) {
    consult_before(kMostDialects);
    return {};
  }
  const auto row = static_cast<std::size_t>(std::countr_zero(first));
  consult_before(row);
  return row;
}

}  // namespace intermission::dialect
