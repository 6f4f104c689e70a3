using Swan.MLNet.Models;

namespace Swan.Training.Tests.Export;

/// <summary>What exported networks answer.</summary>
internal static class ExportedNetworks
{
    /// <summary>Embeds a caption as metrics do, also one without a known word.</summary>
    public static float[] Embed(SwanModel model, string caption) =>
        model.EmbedCaptions([model.Tokenizer.Tokenize(caption)], batchSize: 1, progress: null, TestContext.Current.CancellationToken);
}
