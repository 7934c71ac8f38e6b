// The status UNAVAILABLE as gRPC writes it, for gRPC itself and for gRPC-Web.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/media_type.h"
#include "page/notice.h"

namespace intermission::dialect {

/// grpc-status, grpc-message and grpc-status-details-bin, each with CRLF; may hold the marks of
/// Slotted. The message is percent-encoded (gRPC over HTTP/2, Responses) and cut where the lines
/// would be too long for clients and routers that bound their headers.
std::string grpc_status_lines(const page::Notice& notice);

/// Which of `types` a request is of: the one that it names, or the first of them where it is
/// of the same kind in another encoding ("application/grpc+json").
std::optional<std::size_t> grpc_form(const std::optional<http::MediaType>& type,
                                     std::span<const std::string_view> types);

}  // namespace intermission::dialect
