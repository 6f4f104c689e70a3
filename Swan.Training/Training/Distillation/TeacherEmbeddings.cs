using System.Globalization;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Text;
using Swan.Training.DataLoading;
using Swan.Training.Native;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Swan.Training;

/// <summary>
/// Embeddings of the training images and captions by finished models, the teachers: a step's soft targets come from them (knowledge
/// distillation).
/// </summary>
/// <remarks>
/// The teachers' vectors stand one after another, each divided by the square root of their number, so one dot product is the mean of all
/// teachers' cosines. The teachers see each image as in inference, without augmentation: they run once, before the first step. Equal
/// captions are also embedded once.
/// </remarks>
internal sealed class TeacherEmbeddings
{
    private const int CaptionBatch = 64;
    private readonly float[] _images, _captions;
    private readonly int[] _captionRow;
    private readonly int _width;

    private TeacherEmbeddings(float[] images, float[] captions, int[] captionRow, int width) =>
        (_images, _captions, _captionRow, _width) = (images, captions, captionRow, width);

    /// <summary>Asks every teacher.</summary>
    /// <param name="teachers">Paths of .swan files, at least one.</param>
    /// <param name="set">The training images and captions.</param>
    /// <param name="device">Where the teachers run.</param>
    /// <param name="threads">Threads of a teacher; 0 for one a core.</param>
    /// <param name="say">Told which teacher is asked.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <exception cref="SwanFormatException">A file is no model.</exception>
    /// <exception cref="SwanTrainingException">A teacher gives embeddings that aren't numbers.</exception>
    /// <exception cref="MLNet.Imaging.SwanImageException">An image can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static TeacherEmbeddings Ask(
        IReadOnlyList<string> teachers, CaptionedImageSet set, SwanDevice device, int threads, Action<string> say,
        CancellationToken cancellation)
    {
        string[] paths = [.. set.Images.Select(i => i.ImagePath)];
        string[] texts = [.. set.Captions.Distinct(StringComparer.Ordinal)];
        var rows = texts.Select((text, row) => (text, row)).ToDictionary(t => t.text, t => t.row, StringComparer.Ordinal);
        int[] captionRow = [.. set.Captions.Select(c => rows[c])];

        ThrowIfTooMany(paths.Length, texts.Length, teachers.Sum(path => SwanModelFile.Read(path).Card.EmbeddingSize));
        var asked = new List<(float[] Images, float[] Captions, int Width)>();
        foreach (string path in teachers)
        {
            using SwanModel teacher = SwanModel.Open(path, new SwanModelOptions { Device = device, Threads = threads });
            TokenizedCaption[] tokenized = Array.ConvertAll(texts, teacher.Tokenizer.Tokenize);
            int wordless = tokenized.Count(t => !t.HasWords), cut = tokenized.Count(t => t.Truncated);
            say($"The teacher '{path}' embeds {paths.Length} images and {texts.Length} captions, on {teacher.DeviceReport}"
                + $"{(wordless > 0 ? $"; {wordless} captions have no word that it knows, so their embeddings mean nothing" : "")}.");
            if (cut > 0) say(CaptionText.DescribeCut(cut, texts.Length, teacher.Tokenizer.MaxLength));
            float[] images = teacher.EmbedImages(paths, cancellationToken: cancellation),
                captions = teacher.EmbedCaptions(tokenized, CaptionBatch, null, cancellation);
            ThrowIfNotFinite(path, "the image", images, paths);
            ThrowIfNotFinite(path, "the caption", captions, texts);
            asked.Add((images, captions, teacher.Card.EmbeddingSize));
        }

        int[] widths = [.. asked.Select(a => a.Width)];
        return new(
            Joined([.. asked.Select(a => a.Images)], widths), Joined([.. asked.Select(a => a.Captions)], widths), captionRow, widths.Sum());
    }

    /// <summary>How alike a batch's images and captions are to the teachers.</summary>
    /// <returns>B×B, mean cosines: row i for image i, column j for caption j.</returns>
    public Tensor Similarity(TrainingBatch batch, Device device)
    {
        Tensor images = Rows(_images, batch.Images), captions = Rows(_captions, Array.ConvertAll(batch.Captions, c => _captionRow[c]));
        return images.WithoutWaiting(device).matmul(captions.WithoutWaiting(device).transpose(0, 1));
    }

    private Tensor Rows(float[] all, int[] rows)
    {
        var chosen = new float[rows.Length * _width];
        for (int i = 0; i < rows.Length; i++) all.AsSpan(rows[i] * _width, _width).CopyTo(chosen.AsSpan(i * _width));
        // In libtorch's own, aligned memory: an array's place decides how a matrix product sums, and a seed has to repeat a run.
        return tensor(chosen).view(rows.Length, _width).clone();
    }

    /// <summary>Refuses more values than an array holds, before the first teacher is asked.</summary>
    /// <param name="images">How many images.</param>
    /// <param name="captions">How many different captions.</param>
    /// <param name="width">Values of all teachers' embeddings together.</param>
    /// <exception cref="SwanTrainingException">There are too many.</exception>
    internal static void ThrowIfTooMany(int images, int captions, int width)
    {
        long values = (long)Math.Max(images, captions) * width;
        if (values <= Array.MaxLength) return;
        throw new SwanTrainingException(string.Create(CultureInfo.InvariantCulture,
            $"The teachers would give {values:N0} values, {width:N0} for each of {images:N0} images and {captions:N0} different ")
            + string.Create(CultureInfo.InvariantCulture,
                $"captions, but an array holds at most {Array.MaxLength:N0}. Give fewer teachers, or train on fewer captions."));
    }

    private static void ThrowIfNotFinite(string teacher, string what, float[] embeddings, string[] asked)
    {
        int width = embeddings.Length / asked.Length;
        for (int i = 0; i < asked.Length; i++)
        {
            if (!float.IsFinite(TensorPrimitives.SumOfSquares(embeddings.AsSpan(i * width, width))))
            {
                throw new SwanTrainingException(
                    $"The teacher '{teacher}' gives an embedding that is not finite for {what} '{asked[i]}', so nothing can be learned "
                    + "from it. Leave the teacher out, or export it again.");
            }
        }
    }

    private static float[] Joined(float[][] parts, int[] widths)
    {
        int width = widths.Sum(), count = parts[0].Length / widths[0];
        float scale = 1 / MathF.Sqrt(parts.Length);
        var joined = new float[count * width];
        for (int row = 0; row < count; row++)
        {
            int at = row * width;
            for (int part = 0; part < parts.Length; at += widths[part++])
                TensorPrimitives.Multiply(parts[part].AsSpan(row * widths[part], widths[part]), scale, joined.AsSpan(at, widths[part]));
        }

        return joined;
    }
}
