using System.Reflection;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>TIFFs that GDAL writes, and what it reads of them, made once for a class of tests (gdal-tiffs.py).</summary>
public sealed class GdalTiffs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<(List<GdalTiff> Files, string? Missing)> _made;

    public GdalTiffs() => _made = new(Make);

    /// <summary>All files; the test that asks is skipped where there is no GDAL.</summary>
    internal IReadOnlyList<GdalTiff> Files
    {
        get
        {
            Assert.SkipWhen(_made.Value.Missing is not null, _made.Value.Missing ?? "");
            return _made.Value.Files;
        }
    }

    internal GdalTiff this[string name] => Files.Single(f => f.Name == name);

    internal string Path(string name) => _folder.File(name);

    public void Dispose() => _folder.Dispose();

    private (List<GdalTiff>, string?) Make()
    {
        using (Stream script = Assembly.GetExecutingAssembly().GetManifestResourceStream("gdal-tiffs.py")!)
        using (FileStream file = File.Create(Path("gdal-tiffs.py"))) script.CopyTo(file);
        // Debian's own Python has Debian's rasterio; another one that comes first in the path may not.
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        try
        {
            (int code, _, string errors) = ChildProcess.Finish(python, [Path("gdal-tiffs.py"), _folder.FullName]);
            if (errors.Contains("ModuleNotFoundError", StringComparison.Ordinal))
                return ([], "Python has no rasterio: install Debian's python3-rasterio to compare with GDAL.");
            Assert.True(code == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return ([], "There is no Python: install Debian's python3-rasterio to compare with GDAL.");
        }
        return ([.. File.ReadAllLines(Path("files.txt")).Select(line => GdalTiff.Parse(_folder.FullName, line))], null);
    }
}
