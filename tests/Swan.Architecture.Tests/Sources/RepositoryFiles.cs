namespace Swan.Architecture.Tests.Sources;

/// <summary>The files of the repository that a person wrote.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] s_outputs =
        ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "runs", "quickstart-out", "automl-out", "tour-out"];

    public static IReadOnlyList<string> Sources { get; } = [.. Find(new DirectoryInfo(Repository.Root), "*.cs")];

    public static IReadOnlyList<string> ProjectFiles { get; } = [.. Find(new DirectoryInfo(Repository.Root), "*.csproj")];

    public static IReadOnlyList<string> Documents { get; } = [.. Find(new DirectoryInfo(Repository.Root), "*.md")];

    /// <summary>A path in the repository, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');

    private static IEnumerable<string> Find(DirectoryInfo folder, string pattern) =>
        folder.EnumerateFiles(pattern).Select(file => file.FullName)
            .Concat(folder.EnumerateDirectories()
                .Where(inner => !inner.Name.StartsWith('.') && !s_outputs.Contains(inner.Name))
                .SelectMany(inner => Find(inner, pattern)))
            .Order(StringComparer.Ordinal);
}
