# Writes OUT, which holds a digest of the sources in FILES: what is concluded may change with any of them.
#   cmake -DFILES=a;b -DOUT=rules.cpp -P rules.cmake
set(all "")
foreach(file IN LISTS FILES)
  file(SHA256 ${file} hash)
  string(APPEND all ${hash})
endforeach()
string(SHA256 digest "${all}")
file(WRITE ${OUT} "#include \"attacca/archive/effective.h\"\n
namespace attacca::archive {
std::string_view rules() { return \"${digest}\"; }
}  // namespace attacca::archive\n")
