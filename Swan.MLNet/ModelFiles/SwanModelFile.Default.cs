using Swan.MLNet.Models;

namespace Swan.MLNet.ModelFiles;

public sealed partial class SwanModelFile
{
    /// <summary>What the build embeds (Swan.MLNet.csproj), and what messages and logs call it.</summary>
    internal const string DefaultName = "swan-rsicd-lite0-minilm.swan";

    private static SwanModelFile? _default;
    private static object? _defaultLock = new();

    /// <summary>The model that comes inside this library, of which each part is read and checked when it is used.</summary>
    /// <remarks>
    /// To embed with it, use <see cref="SwanModel.Default"/>; this is for its card, without ONNX Runtime, or to <see cref="Save"/> it as a
    /// file of its own. Memory keeps its card, but neither its encoders nor its vocabulary. Its <see cref="ModelCard.Identity"/> stays the
    /// same until a version of the library brings another model, which the changelog then says. Safe for concurrent use.
    /// </remarks>
    /// <exception cref="SwanFormatException">The library was changed after it was built.</exception>
    public static SwanModelFile Default =>
        LazyInitializer.EnsureInitialized(ref _default, ref _defaultLock, static () =>
        {
            Func<Stream> open = ResourceFile.Opener(DefaultName) ?? throw new SwanFormatException(
                $"Swan.MLNet.dll has no '{DefaultName}' inside, which every build of it has. It was changed after it was built: "
                + "install the package again, or open a .swan file of your own.");
            // The library's file is open for good, and nobody has to keep it so.
            SwanModelFile file = FromEntries(DefaultName, new EntriesInArchive(open, static () => ModelEntries.NothingKept, DefaultName));
            ModelCardRules.CheckFingerprint(file.Card, DefaultName);
            return file;
        });
}
