using Swan.MLNet.Models;

namespace Swan.MLNet.ModelFiles;

public sealed partial class SwanModelFile
{
    /// <summary>What the build embeds (Swan.MLNet.csproj), and what messages and logs call it.</summary>
    internal const string DefaultName = "swan-rsicd-lite0-minilm.swan";

    private static SwanModelFile? _default;
    private static object? _defaultLock = new();

    /// <summary>The model inside this library; each part is read and checked when it is used.</summary>
    /// <remarks>
    /// To embed with it, use <see cref="SwanModel.Default"/>. This property gives its card without ONNX Runtime, or lets you
    /// <see cref="Save"/> it as a file. Only its card stays in memory, not its encoders or vocabulary. Its <see cref="ModelCard.Identity"/>
    /// changes only with a library version that includes another model, as noted in the changelog. Safe for concurrent use.
    /// </remarks>
    /// <exception cref="SwanFormatException">The library was changed after it was built.</exception>
    public static SwanModelFile Default =>
        LazyInitializer.EnsureInitialized(ref _default, ref _defaultLock, static () =>
        {
            Func<Stream> open = ResourceFile.Opener(DefaultName) ?? throw new SwanFormatException(
                $"Swan.MLNet.dll lacks '{DefaultName}', which every build contains. It was changed after it was built: install the "
                + "package again, or open your own .swan file.");
            // The library's file stays open by itself.
            SwanModelFile file = FromEntries(DefaultName, new EntriesInArchive(open, static () => ModelEntries.NothingKept, DefaultName));
            ModelCardRules.CheckFingerprint(file.Card, DefaultName);
            return file;
        });
}
