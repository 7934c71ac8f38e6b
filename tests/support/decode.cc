#include "support/decode.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <stdexcept>

namespace intermission::testing {
namespace {

constexpr std::size_t kMost = 4U << 20;  // more than any answer of the program

std::string gunzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzipOnly = 16;
  if (inflateInit2(&stream, MAX_WBITS + kGzipOnly) != Z_OK)
    throw std::runtime_error("inflateInit2");
  std::string in(bytes);
  std::string out(kMost, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  const bool whole = result == Z_STREAM_END && stream.avail_in == 0;
  out.resize(stream.total_out);
  inflateEnd(&stream);
  if (!whole) throw std::runtime_error("not gzip to the end");
  return out;
}

std::string unbrotli(std::string_view bytes) {
  std::string out(kMost, '\0');
  std::size_t size = out.size();
  if (BrotliDecoderDecompress(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                              &size, reinterpret_cast<std::uint8_t*>(out.data())) !=
      BROTLI_DECODER_RESULT_SUCCESS) {
    throw std::runtime_error("not brotli");
  }
  out.resize(size);
  return out;
}

std::string unzstd(std::string_view bytes) {
  std::string out(kMost, '\0');
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0) throw std::runtime_error("not zstd");
  out.resize(size);
  return out;
}

}  // namespace

std::string decode(std::string_view coding, std::string_view bytes) {
  if (coding.empty() || coding == "identity") return std::string(bytes);
  if (coding == "gzip") return gunzip(bytes);
  if (coding == "br") return unbrotli(bytes);
  if (coding == "zstd") return unzstd(bytes);
  throw std::runtime_error("unknown coding " + std::string(coding));
}

}  // namespace intermission::testing
