// The error that clients of WebDAV read (RFC 4918 §16), and of protocols that build on it.
#pragma once

#include <string>

#include "page/notice.h"

namespace intermission::dialect {

/// A document in XML. Beside the message in the element of sabre/dav, which Nextcloud, ownCloud and
/// most calendars have, it holds that of Apache, which Subversion shows.
std::string dav_error(const page::Notice& notice);

}  // namespace intermission::dialect
