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
    public void Nothing_of_the_library_hands_out_something_to_dispose() =>
        Assert.Empty(HandedOut.ByProperties(Library).Concat(HandedOut.ByMethods(Library)));
}
