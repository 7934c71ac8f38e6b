// Which sanitizer a test is compiled with: GCC says it by a macro, clang by a feature.
#pragma once

#if defined(__SANITIZE_THREAD__)
#define INTERMISSION_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define INTERMISSION_THREAD_SANITIZER
#endif
#endif
