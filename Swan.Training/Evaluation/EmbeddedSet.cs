using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.Training.Evaluation;

/// <summary>
/// Images and captions embedded the way applications do it, by ONNX Runtime in an ML.NET pipeline: what <c>swan evaluate</c> and
/// <c>swan card</c> measure.
/// </summary>
internal sealed class EmbeddedSet
{
    public const string Embedding = "Embedding";
    private readonly MLContext _ml;
    private readonly SwanModel _model;
    private readonly CancellationToken _cancellation;

    /// <summary>Embeds both.</summary>
    /// <exception cref="SwanDataException">Images can't be read; all are named.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public EmbeddedSet(MLContext ml, CaptionedImageSet set, SwanModel model, int rotations, CancellationToken cancellation)
    {
        (_ml, Set, _model, _cancellation) = (ml, set, model, cancellation);
        try
        {
            Images = InMemory<EmbeddedImage>(EmbedImages(ml, set, set.Images.Count, model, rotations, cancellation));
        }
        catch (SwanRowException e)
        {
            // Not in a filter, which would swallow a cancellation.
            List<DataFault> faults = Unreadable(set, cancellation);
            if (faults.Count == 0) throw;
            // A pipeline names only the first one, and options that no command has.
            throw new SwanDataException(faults, e);
        }
        Captions = InMemory<EmbeddedCaption>(EmbedCaptions(ml, set, set.Captions.Count, model, cancellation));
    }

    public CaptionedImageSet Set { get; }

    /// <summary>One row an image: ImagePath, Scene (empty where there is none), Embedding.</summary>
    public IDataView Images { get; }

    /// <summary>One row a caption: ImagePath, Embedding.</summary>
    public IDataView Captions { get; }

    /// <summary>The first images' rows; reading them embeds them, each time.</summary>
    public static IDataView EmbedImages(
        MLContext ml, CaptionedImageSet set, int count, SwanModel model, int rotations, CancellationToken cancellation)
    {
        IDataView images =
            ml.Data.LoadFromEnumerable(set.Images.Take(count).Select(i => new ImageRow { ImagePath = i.ImagePath, Scene = i.Scene ?? "" }));
        var options = new SwanEmbeddingOptions { Rotations = rotations, CancellationToken = cancellation };
        return ml.Transforms.SwanEmbedding(Embedding, nameof(ImageRow.ImagePath), model, options).Fit(images).Transform(images);
    }

    /// <summary>The first captions' rows; reading them embeds them, each time.</summary>
    public static IDataView EmbedCaptions(MLContext ml, CaptionedImageSet set, int count, SwanModel model, CancellationToken cancellation)
    {
        IDataView captions = ml.Data.LoadFromEnumerable(set.Captions.Take(count)
            .Select((text, c) => new CaptionRow { Caption = text, ImagePath = set.Images[set.CaptionImage[c]].ImagePath }));
        // RSICD has captions that are a full stop alone, and the trainer measures them too.
        var options = new SwanEmbeddingOptions { EmbedEmptyCaptions = true, CancellationToken = cancellation };
        return ml.Transforms.SwanCaptionEmbedding(Embedding, nameof(CaptionRow.Caption), model, options).Fit(captions).Transform(captions);
    }

    public RetrievalMetrics Measure() =>
        _ml.Swan().EvaluateRetrieval(
            Images, Captions, Embedding, nameof(ImageRow.ImagePath), nameof(ImageRow.Scene), cancellationToken: _cancellation);

    /// <summary>The images; a result's row is its position in the set.</summary>
    public SwanIndex BuildIndex() =>
        _ml.Swan().BuildIndex(Images, Embedding, model: _model.Card.Identity, cancellationToken: _cancellation);

    /// <summary>captions × D, unit length.</summary>
    public float[] ReadCaptions() => RetrievalColumns.Find(Captions.Schema, Embedding, nameof(CaptionRow.ImagePath), null, nameof(Captions))
        .Read(Captions, static (_, _, _) => { }, _cancellation).ToArray();

    private static List<DataFault> Unreadable(CaptionedImageSet set, CancellationToken cancellation)
    {
        var faults = new List<DataFault>();
        foreach (CaptionedImage image in set.Images)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                ImageDecoder.Decode(image.ImagePath);
            }
            catch (SwanImageException e)
            {
                faults.Add(new(set.Name, 0, e.Message));
            }
        }
        return faults;
    }

    // The metrics, the index and others read them. ML.NET's own cache fills on a thread of its own, and what goes wrong there, an
    // unreadable image or a cancellation, arrives as "Event we were waiting on was subject to an exception".
    private IDataView InMemory<TRow>(IDataView embedded) where TRow : class, new()
    {
        TRow[] rows = [.. _ml.Data.CreateEnumerable<TRow>(embedded, reuseRowObject: false)];
        var columns = SchemaDefinition.Create(typeof(TRow));
        columns[Embedding].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _model.EmbeddingSize);
        return _ml.Data.LoadFromEnumerable(rows, columns);
    }

    private sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";

        public string Scene { get; set; } = "";
    }

    private sealed class EmbeddedImage
    {
        public string ImagePath { get; set; } = "";

        public string Scene { get; set; } = "";

        public float[] Embedding { get; set; } = [];
    }

    private sealed class CaptionRow
    {
        public string Caption { get; set; } = "";

        public string ImagePath { get; set; } = "";
    }

    private sealed class EmbeddedCaption
    {
        public string ImagePath { get; set; } = "";

        public float[] Embedding { get; set; } = [];
    }
}
