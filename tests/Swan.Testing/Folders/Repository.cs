namespace Swan.Testing;

/// <summary>The folder that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>What is packed is what was built with the tests.</summary>
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains(
        $"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";

    public static string Project(string name) => Path.Combine(Root, name, $"{name}.csproj");

    /// <summary>Where a project, named by its folder in the repository, was built: all build into folders of the same shape.</summary>
    public static string Output(string folder)
    {
        string own = Path.GetRelativePath(Root, AppContext.BaseDirectory);
        string bin = $"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}";
        return Path.Combine(Root, folder, own[(own.IndexOf(bin, StringComparison.Ordinal) + 1)..]);
    }

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Swan.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException(
            $"There is no Swan.sln above '{AppContext.BaseDirectory}': these tests pack the repository that they were built in.");
    }
}
