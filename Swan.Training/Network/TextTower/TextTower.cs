using Swan.MLNet.Text;
using static TorchSharp.torch;

namespace Swan.Training.Network;

internal static class SwanTextTowerExtensions
{
    /// <summary>The tokenizer contract that a tower's ids follow.</summary>
    public static string TokenizerContract(this SwanTextTower tower) =>
        tower == SwanTextTower.MiniLm ? WordPieceCaptionTokenizer.WordPiece1 : WordCaptionTokenizer.SwanText1;
}

/// <summary>
/// The contract of both text towers: ids N×L and lengths N (on the CPU) → h N×L×D, where rows past a caption's end are 0.
/// </summary>
internal abstract class TextTower(string name) : nn.Module<Tensor, Tensor, Tensor>(name)
{
    public static TextTower Create(SwanNetworkOptions options) =>
        options.TextTower == SwanTextTower.MiniLm ? new MiniLmTextTower(options) : new GruTextTower(options);
}
