#include "snapshot/coding.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <stdexcept>

namespace intermission::snapshot {
namespace {

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzipWrapper = 16;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzipWrapper, MAX_MEM_LEVEL,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("gzip: out of memory");
  }
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  std::string in(bytes);  // zlib's input pointer is not const
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("gzip: could not finish");
  return out;
}

std::string brotli(std::string_view bytes) {
  std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
  std::string out(size, '\0');
  // On a page, 5 to 9 end within a few bytes of each other; 11 saves a tenth, and makes ten
  // thousand services wait for minutes.
  constexpr int kQuality = 5;
  // A page needs no larger window, and with one the encoder would walk through megabytes of
  // tables: twenty times as long.
  constexpr int kWindowBits = 16;
  if (BrotliEncoderCompress(kQuality, kWindowBits, BROTLI_MODE_TEXT, bytes.size(),
                            reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                            reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_FALSE) {
    throw std::runtime_error("brotli: could not compress");
  }
  out.resize(size);
  return out;
}

std::string zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  constexpr int kLevel = 6;  // a page is 1 % larger than with 12
  const std::size_t size =
      ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0) throw std::runtime_error("zstd: could not compress");
  out.resize(size);
  return out;
}

}  // namespace

std::string encode(negotiate::Coding coding, std::string_view bytes) {
  switch (coding) {
    case negotiate::Coding::kGzip:
      return gzip(bytes);
    case negotiate::Coding::kBrotli:
      return brotli(bytes);
    case negotiate::Coding::kZstd:
      return zstd(bytes);
    case negotiate::Coding::kIdentity:
      break;
  }
  return std::string(bytes);
}

}  // namespace intermission::snapshot
