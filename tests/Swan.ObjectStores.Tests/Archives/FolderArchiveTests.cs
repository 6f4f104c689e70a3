using Swan.Batch.Stores;

namespace Swan.ObjectStores.Tests.Archives;

public sealed class FolderArchiveTests : ArchiveConformance
{
    protected override ObjectStore OpenEmpty()
    {
        TemporaryFolder folder = Keep(new TemporaryFolder());
        return new FolderStore(folder.FullName);
    }
}
