using System.Reflection;

namespace Swan.ObjectStores.Tests;

public sealed class PublicSurfaceTests
{
    private static readonly Assembly Library = typeof(ObjectStoreOptions).Assembly;

    [Fact]
    public void The_documentation_file_names_public_types_only() => DocumentationFile.HasPublicTypesOnly(Library);

    [Fact]
    public void All_errors_of_the_library_share_one_base() => DocumentationFile.ErrorsShareOneBase(Library);
}
