using System.Runtime.CompilerServices;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Search;

public abstract partial class SwanGallery
{
    /// <summary>Finds the rows that fit a caption or query text best.</summary>
    /// <param name="model">The model that made the gallery's embeddings.</param>
    /// <param name="caption">
    /// A text with a word that the model knows (<see cref="SwanModel.HasWords"/>). Text beyond the model's length is ignored
    /// (<see cref="SwanModel.IsTruncated"/>), counted and logged.
    /// </param>
    /// <param name="k">How many, at least 1.</param>
    /// <exception cref="SwanMismatchException">The gallery holds embeddings of another model.</exception>
    /// <exception cref="Text.SwanTextException">The model doesn't know any word of the caption.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    public SwanHit[] SearchCaption(SwanModel model, string caption, int k) => SearchCaption(model, caption, Best(k));

    /// <summary>Finds the rows that fit a caption or query text best, as the options say.</summary>
    /// <param name="model">The model that made the gallery's embeddings.</param>
    /// <param name="caption">A text with a word that the model knows.</param>
    /// <param name="options">How many results, how many to skip, the lowest score. Null: the ten best.</param>
    /// <param name="cancellationToken">Cancels the search within milliseconds, or after a pass that it also makes for other
    /// searches.</param>
    /// <exception cref="SwanMismatchException">The gallery holds embeddings of another model.</exception>
    /// <exception cref="Text.SwanTextException">The model doesn't know any word of the caption.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="Metadata.SwanFilterException">The filter doesn't match the columns.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    [OverloadResolutionPriority(1)] // new() { K = 5 } are options, not a number
    public SwanHit[] SearchCaption(
        SwanModel model, string caption, SwanGallerySearchOptions? options = null, CancellationToken cancellationToken = default) =>
        SearchEmbedded(view => ForQuery(view, model).EmbedCaption(caption), options, cancellationToken);

    /// <summary>Finds the rows that look most like an image.</summary>
    /// <param name="model">The model that made the gallery's embeddings.</param>
    /// <param name="imagePath">A file of one of the <see cref="ImageDecoder.Formats"/>.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <exception cref="SwanMismatchException">The gallery holds embeddings of another model, or the model reads images in another
    /// range.</exception>
    /// <exception cref="SwanImageException">The file is missing, or not an image that can be read whole.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    public SwanHit[] SearchImage(SwanModel model, string imagePath, int k) => SearchImage(model, imagePath, Best(k));

    /// <summary>Finds the rows that look most like an image, as the options say.</summary>
    /// <param name="model">The model that made the gallery's embeddings.</param>
    /// <param name="imagePath">A file of one of the <see cref="ImageDecoder.Formats"/>.</param>
    /// <param name="options">How many results, how many to skip, the lowest score. Null: the ten best.</param>
    /// <param name="cancellationToken">Cancels the search within milliseconds, or after a pass that it also makes for other
    /// searches.</param>
    /// <exception cref="SwanMismatchException">The gallery holds embeddings of another model, or the model reads images in another
    /// range.</exception>
    /// <exception cref="SwanImageException">The file is missing, or not an image that can be read whole.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="Metadata.SwanFilterException">The filter doesn't match the columns.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    [OverloadResolutionPriority(1)]
    public SwanHit[] SearchImage(
        SwanModel model, string imagePath, SwanGallerySearchOptions? options = null, CancellationToken cancellationToken = default) =>
        SearchEmbedded(view => ForImage(view, model).EmbedImage(imagePath), options, cancellationToken);

    /// <summary>Refuses a model whose embeddings can't be compared with the gallery's.</summary>
    /// <exception cref="SwanMismatchException">The gallery holds embeddings of another model.</exception>
    internal void RequireModel(SwanModel model)
    {
        GalleryView view = Enter();
        try
        {
            ForQuery(view, model);
        }
        finally
        {
            Leave(view);
        }
    }

    private SwanHit[] SearchEmbedded(
        Func<GalleryView, float[]> embed, SwanGallerySearchOptions? options, CancellationToken cancellation)
    {
        SwanGallerySearchOptions asked = Checked(options);
        GalleryView view = Enter();
        try
        {
            return Search(view, embed(view), asked.Wanted(view, cancellation), asked.Skip, asked.Threads, cancellation);
        }
        finally
        {
            Leave(view);
        }
    }

    private static SwanGallerySearchOptions Best(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return new SwanGallerySearchOptions { K = k };
    }

    private static SwanModel ForQuery(GalleryView view, SwanModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelIdentity.Agree(view.Model, model.Card.Identity)
            ? model
            : throw new SwanMismatchException(
                $"The index holds embeddings of {view.Model}, but the query is for {model.Card.Identity}: "
                + $"{ModelIdentity.Consequence(view.Model, model.Card.Identity)} Search with the index's model, or embed the images with "
                + $"{model.Card.Identity} and build the index again with BuildIndex or SwanIndex.Build.");
    }

    private static SwanModel ForImage(GalleryView view, SwanModel model)
    {
        var range = GivenRange.Of(ForQuery(view, model).Decoding);
        return GivenRange.Agree(view.GivenRange, range)
            ? model
            : throw new SwanMismatchException(
                $"The index's images were read with {view.GivenRange}, but the model reads the query's image with {range}: "
                + $"{GivenRange.Consequence}. Set SwanModelOptions.Decoding when you open the model, or build the index again.");
    }
}
