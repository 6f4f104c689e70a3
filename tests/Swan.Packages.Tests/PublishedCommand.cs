[assembly: AssemblyFixture(typeof(Swan.Packages.Tests.PublishedCommand))]

namespace Swan.Packages.Tests;

/// <summary>The command as <c>dotnet publish Swan.Cli</c> leaves it, made of what is built when a test first asks for it.</summary>
public sealed class PublishedCommand : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _published;

    public PublishedCommand() => _published = new(() =>
    {
        string folder = _folder.File("published");
        DotNet.Run(Repository.Root, null, "publish", Repository.Project("Swan.Cli"), "--no-build", "-c", Repository.Configuration, "-o",
            folder);
        return folder;
    });

    public string Folder => _published.Value;

    /// <summary>Copies it without libtorch.</summary>
    /// <returns>The copy's program, for <c>dotnet</c>.</returns>
    public string CopyWithoutLibTorch(string destination)
    {
        Directory.CreateDirectory(destination);
        foreach (string file in Directory.EnumerateFiles(Folder).Where(f => !IsLibTorch(Path.GetFileName(f))))
            File.Copy(file, Path.Combine(destination, Path.GetFileName(file)));
        return Path.Combine(destination, "swan.dll");
    }

    public void Dispose() => _folder.Dispose();

    private static bool IsLibTorch(string name) =>
        name.Contains("torch_", StringComparison.Ordinal) || name.StartsWith("libtorch", StringComparison.Ordinal)
            || name.Contains("c10.", StringComparison.Ordinal);
}
