#include "dialect/parsed_headers.h"

#include "dialect/trigger_index.h"

namespace intermission::dialect {

ParsedAccept::ParsedAccept(http::FieldValues lines) : accept(lines) {
  accept.each_named([this](std::string_view media_type) {
    add_rows_for_type(TriggerIndex::of_table().accepts, media_type, rows);
  });
}

}  // namespace intermission::dialect
