using System.Numerics.Tensors;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.Benchmarks.Ranges;

/// <summary>Images with their captions, and how near their deep forms are to them.</summary>
internal sealed class MeasuredScenes
{
    private const double Near = 0.98;
    private readonly SwanModel _model;
    private readonly CaptionedImageSet _images;
    private readonly CancellationToken _cancellation;
    private readonly float[] _captions;
    private readonly int[] _captionImage;

    public MeasuredScenes(SwanModel model, CaptionedImageSet images, CancellationToken cancellation)
    {
        (_model, _images, _cancellation) = (model, images, cancellation);
        // Some captions are a full stop alone.
        int[] worded = [.. Enumerable.Range(0, images.Captions.Count).Where(c => model.HasWords(images.Captions[c]))];
        _captions = model.EmbedCaptions([.. worded.Select(c => images.Captions[c])], cancellationToken: cancellation);
        _captionImage = [.. worded.Select(c => images.CaptionImage[c])];
        AsIs = Embed(i => Decode(i));
        Unrelated = MeanOfUnrelated();
    }

    /// <summary>Embeddings of the pictures as they are.</summary>
    public float[] AsIs { get; }

    /// <summary>The mean cosine of two images of different scenes.</summary>
    public double Unrelated { get; }

    /// <summary>Measures a sensor's files in a range.</summary>
    public Measured Measure(string name, Sensor sensor, SampleRange range)
    {
        var options = new ImageDecodingOptions { Range = range, NoData = sensor.NoData };
        float[] deep = Embed(i => ImageDecoder.Decode(sensor.Write(Decode(i), i), _images.Images[i].FileName, options));
        float[] alike = range.IsPercentile
            ? Embed(i => StretchedPicture.Make(sensor.WithFaults(Decode(i), i), range, sensor))
            : AsIs;
        float[] asIs = sensor.Border > 0 ? Embed(i => sensor.Cut(Decode(i))) : AsIs;
        return Compare(name, deep, alike, asIs);
    }

    /// <summary>Measures pictures that another way makes.</summary>
    public Measured Measure(string name, Func<RgbImage, RgbImage> make, float[] alike) =>
        Compare(name, Embed(i => make(Decode(i))), alike, AsIs);

    private Measured Compare(string name, float[] embeddings, float[] alike, float[] asIs)
    {
        double[] toAlike = Cosines(embeddings, alike), toAsIs = Cosines(embeddings, asIs);
        RetrievalMetrics metrics = RetrievalEvaluator.Evaluate(
            embeddings, _captions, _model.EmbeddingSize, _captionImage, _images.Scenes, _cancellation);
        return new(name, toAlike.Average(), toAlike.Min(), toAsIs.Average(), toAsIs.Min(),
            toAsIs.Count(c => c < Near) / (double)toAsIs.Length, metrics.SceneRecall!);
    }

    private RgbImage Decode(int i) => ImageDecoder.Decode(_images.Images[i].ImagePath);

    private float[] Embed(Func<int, RgbImage> image) =>
        _model.EmbedImages(_images.Images.Count, image, cancellationToken: _cancellation);

    private double[] Cosines(float[] a, float[] b)
    {
        int size = _model.EmbeddingSize;
        return [.. Enumerable.Range(0, a.Length / size).Select(i =>
            (double)TensorPrimitives.CosineSimilarity(a.AsSpan(i * size, size), b.AsSpan(i * size, size)))];
    }

    private double MeanOfUnrelated()
    {
        int size = _model.EmbeddingSize, count = AsIs.Length / size;
        double sum = 0;
        long pairs = 0;
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < a; b++)
            {
                if (_images.Images[a].Scene == _images.Images[b].Scene) continue;
                sum += TensorPrimitives.Dot(AsIs.AsSpan(a * size, size), AsIs.AsSpan(b * size, size));
                pairs++;
            }
        }
        return sum / Math.Max(pairs, 1);
    }
}
