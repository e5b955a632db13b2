// SQLite under the contract of the catalogue and the log.
#include "attacca/store/sqlite_archive.h"

#include "catalogue_contract.h"

namespace attacca::store {
namespace {

class OpenSqliteArchive final : public OpenArchive {
 public:
  ~OpenSqliteArchive() override { EXPECT_EQ(archive_.check(), std::vector<std::string>()); }
  archive::Catalogue& catalogue() override { return archive_.catalogue(); }
  archive::ListeningLog& log() override { return archive_.log(); }

 private:
  TemporaryFolder folder_;
  SqliteArchive archive_{folder_ / "archive.db", OpenMode::create};
};

std::unique_ptr<OpenArchive> makeSqliteArchive() { return std::make_unique<OpenSqliteArchive>(); }

std::string nameOf(const testing::TestParamInfo<MakeArchive>&) { return "Sqlite"; }

INSTANTIATE_TEST_SUITE_P(Store, IdentityContract, testing::Values(makeSqliteArchive), nameOf);
INSTANTIATE_TEST_SUITE_P(Store, CatalogueContract, testing::Values(makeSqliteArchive), nameOf);
INSTANTIATE_TEST_SUITE_P(Store, LogContract, testing::Values(makeSqliteArchive), nameOf);
INSTANTIATE_TEST_SUITE_P(Store, RowsContract, testing::Values(makeSqliteArchive), nameOf);

}  // namespace
}  // namespace attacca::store
