using Swan.MLNet.Models;

namespace Swan.MLNet.ModelFiles;

public sealed partial class SwanModelFile
{
    /// <summary>What the build embeds (Swan.MLNet.csproj), and what messages and logs call it.</summary>
    internal const string DefaultName = "swan-rsicd-compact.swan";

    private static SwanModelFile? _default;
    private static object? _defaultLock = new();

    /// <summary>The model that comes inside this library, read and checked when first asked for and kept from then on.</summary>
    /// <remarks>
    /// To embed with it, use <see cref="SwanModel.Default"/>; this is for its card, without ONNX Runtime, or to <see cref="Save"/> it as a
    /// file of its own. About 30 MB of memory for as long as the process runs. Its <see cref="ModelCard.Identity"/> stays the same until a
    /// version of the library brings another model, which the changelog then says. Safe for concurrent use.
    /// </remarks>
    /// <exception cref="SwanFormatException">The library was changed after it was built.</exception>
    public static SwanModelFile Default => LazyInitializer.EnsureInitialized(ref _default, ref _defaultLock, ReadDefault);

    private static SwanModelFile ReadDefault()
    {
        // The stream is a view of the loaded assembly: nothing is copied before it is inflated.
        using Stream stream = typeof(SwanModelFile).Assembly.GetManifestResourceStream(DefaultName)
            ?? throw new SwanFormatException(
                $"Swan.MLNet.dll has no '{DefaultName}' inside, which every build of it has. It was changed after it was built: "
                + "install the package again, or open a .swan file of your own.");
        return Read(stream, DefaultName);
    }
}
