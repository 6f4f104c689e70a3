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
    public void Nothing_of_the_library_hands_out_something_to_dispose_but_what_is_opened()
    {
        Assert.Equal(["BatchJobOptions.Source", "BatchJobOptions.Store", "StoredContent.Content"], HandedOut.ByProperties(Library));
        Assert.All(HandedOut.ByMethods(Library), name => Assert.EndsWith(".OpenAsync", name, StringComparison.Ordinal));
    }
}
