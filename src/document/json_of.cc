#include "document/json_of.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace intermission::document {

std::string json_of(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace intermission::document
