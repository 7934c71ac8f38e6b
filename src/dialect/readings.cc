#include "dialect/readings.h"

#include "dialect/row_index.h"

namespace intermission::dialect {

AcceptReading::AcceptReading(http::FieldValues lines) : accept(lines) {
  accept.each_named([this](std::string_view media_type) {
    add_rows_for_type(RowIndex::of_table().accepts, media_type, rows);
  });
}

}  // namespace intermission::dialect
