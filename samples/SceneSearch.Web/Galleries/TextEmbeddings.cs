using SceneSearch.Web.Caching;
using SceneSearch.Web.Observing;
using Swan.MLNet.Models;

namespace SceneSearch.Web.Galleries;

/// <summary>Embeddings of the texts that were asked for last: the same text is encoded once.</summary>
/// <param name="model">Encodes.</param>
internal sealed class TextEmbeddings(SwanModel model)
{
    private const int MostTexts = 512;
    private readonly LruCache<string, Lazy<float[]>> _texts = new(MostTexts);

    /// <summary>A text's embedding.</summary>
    /// <exception cref="Swan.MLNet.Text.SwanTextException">The model knows no word of it.</exception>
    public float[] Of(string text)
    {
        bool isHit = _texts.TryGet(text, out Lazy<float[]>? embedding);
        SearchMeter.Text(isHit);
        // A text that can't be encoded can't be later, either: its exception is kept, too.
        if (!isHit) _texts.Set(text, embedding = new Lazy<float[]>(() => model.EmbedCaption(text)), cost: 1);
        return embedding!.Value;
    }
}
