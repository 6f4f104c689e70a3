using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.Cli.Indexing;

/// <summary>Whether a command's model is that of an index.</summary>
internal static class IndexModel
{
    /// <summary>Refuses another model.</summary>
    /// <param name="index">The index.</param>
    /// <param name="folder">Its folder, for messages.</param>
    /// <param name="card">The model's.</param>
    /// <param name="isDefault">Whether the command line names none.</param>
    /// <exception cref="SwanMismatchException">Its embeddings can't be compared with the index's.</exception>
    public static void RequireFit(SwanGallery index, string folder, ModelCard card, bool isDefault)
    {
        string given = isDefault ? "without --model, the model is" : "--model is";
        if (!ModelIdentity.Agree(index.Model, card.Identity))
        {
            throw new SwanMismatchException(
                $"'{folder}' holds embeddings of {index.Model}, but {given} {card.Identity}: "
                + $"{ModelIdentity.Consequence(index.Model, card.Identity)} Give the index's model.");
        }
        // An index that doesn't say its model has embeddings of a length nevertheless.
        if (card.EmbeddingSize != index.EmbeddingSize)
        {
            throw new SwanMismatchException(
                $"'{folder}' holds embeddings of {index.EmbeddingSize} values, but {given} {card.Identity}, whose embeddings have "
                + $"{card.EmbeddingSize}. Give the index's model.");
        }
    }
}
