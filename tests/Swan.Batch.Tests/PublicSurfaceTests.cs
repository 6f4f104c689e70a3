using System.Reflection;

namespace Swan.Batch.Tests;

public sealed class PublicSurfaceTests
{
    private static readonly Assembly Library = typeof(BatchJob).Assembly;

    [Fact]
    public void The_documentation_file_names_public_types_only() => DocumentationFile.HasPublicTypesOnly(Library);

    [Fact]
    public void All_errors_of_the_library_share_one_base() => DocumentationFile.ErrorsShareOneBase(Library);

    // Options hold what stays the caller's; a content that is open is whoever opened it's.
    [Fact]
    public void A_property_hands_out_nothing_to_dispose_but_an_open_objects_bytes() =>
        Assert.Equal(
            ["BatchJobOptions.Addresses", "BatchJobOptions.Source", "BatchJobOptions.Store", "StoredContent.Content"],
            HandedOut.ByProperties(Library));

    [Fact]
    public void Methods_hand_out_what_they_opened() => Assert.Equal(
        [
            "ArchiveSource.OpenAsync", "ArchiveStore.OpenAsync", "FolderSource.OpenAsync", "FolderStore.OpenAsync",
            "FolderStore.OpenRangeAsync", "ImageSource.OpenAsync", "ListSource.OpenAsync", "ManifestSource.OpenAsync",
            "ObjectStore.OpenAsync", "ObjectStore.OpenRangeAsync", "StoreSource.OpenAsync",
        ],
        HandedOut.ByMethods(Library));
}
