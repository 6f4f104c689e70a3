using System.Reflection;

namespace Swan.Batch.Tests;

public sealed class PublicSurfaceTests
{
    private static readonly Assembly Library = typeof(BatchJob).Assembly;

    [Fact]
    public void The_documentation_file_names_public_types_only() => DocumentationFile.HasPublicTypesOnly(Library);

    [Fact]
    public void All_errors_of_the_library_share_one_base() => DocumentationFile.ErrorsShareOneBase(Library);

    [Fact]
    public void A_property_hands_out_nothing_to_dispose_but_an_open_objects_bytes() =>
        Assert.Equal(["StoredContent.Content"], HandedOut.ByProperties(Library));

    [Fact]
    public void Methods_hand_out_what_they_opened() => Assert.Equal(
        [
            "ArchiveStore.OpenAsync", "FolderStore.OpenAsync", "FolderStore.OpenRangeAsync", "ObjectStore.OpenAsync",
            "ObjectStore.OpenRangeAsync",
        ],
        HandedOut.ByMethods(Library));
}
