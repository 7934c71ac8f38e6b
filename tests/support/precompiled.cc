// A precompiled header belongs to a library with a source; see tests/CMakeLists.txt.
