using Swan.MLNet;
using Swan.MLNet.Data;
using Swan.MLNet.Models;
using Swan.Training.Data;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>What finished models, the teachers, make of the training images and captions: a step's soft targets come from it (knowledge distillation).</summary>
/// <remarks>
/// The teachers' vectors stand one after another, each over the square root of their number, so that one dot product is the mean of all teachers' cosines.
/// They see each image as serving does, not the augmented one: they are asked once, before the first step. The same captions are asked for once, too.
/// </remarks>
internal sealed class TeacherEmbeddings
{
    private readonly float[] _images, _captions;
    private readonly int _width;

    private TeacherEmbeddings(float[] images, float[] captions, int width) => (_images, _captions, _width) = (images, captions, width);

    /// <summary>Asks every teacher.</summary>
    /// <param name="teachers">Paths of .swan files, at least one.</param>
    /// <param name="set">The training images and captions.</param>
    /// <param name="captions">The same captions' ids, by whose <see cref="TokenizedCaptions.Keys"/> they are told apart.</param>
    /// <param name="device">Where the teachers run.</param>
    /// <param name="threads">Threads of a teacher; 0 for one a core.</param>
    /// <param name="say">Told which teacher is asked.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <exception cref="SwanFormatException">A file is no model.</exception>
    /// <exception cref="MLNet.Imaging.SwanImageException">An image can't be read.</exception>
    public static TeacherEmbeddings Ask(
        IReadOnlyList<string> teachers, CaptionedImageSet set, TokenizedCaptions captions, SwanDevice device, int threads, Action<string> say, CancellationToken cancellation)
    {
        string[] paths = [.. set.Images.Select(i => i.ImagePath)];
        var texts = new string[captions.Distinct];
        for (int i = captions.Count - 1; i >= 0; i--) texts[captions.Keys[i]] = set.Captions[i];

        var asked = new List<(float[] Images, float[] Captions, int Width)>();
        foreach (string path in teachers)
        {
            using SwanModel teacher = SwanModel.Open(path, new SwanModelOptions { Device = device, Threads = threads });
            say($"Asking the teacher '{path}' about {paths.Length} images and {texts.Length} captions.");
            asked.Add((teacher.EmbedImages(paths, cancellationToken: cancellation), teacher.EmbedCaptions(texts, cancellationToken: cancellation), teacher.Card.EmbeddingSize));
        }

        int[] widths = [.. asked.Select(a => a.Width)];
        return new(Joined([.. asked.Select(a => a.Images)], widths), Joined([.. asked.Select(a => a.Captions)], widths), widths.Sum());
    }

    /// <summary>How alike a batch's images and captions are to the teachers.</summary>
    /// <returns>B×B, mean cosines: row i for image i, column j for caption j.</returns>
    public Tensor Similarity(TrainingBatch batch, Device device)
    {
        Tensor images = Rows(_images, batch.Images), captions = Rows(_captions, Array.ConvertAll(batch.CaptionKeys, key => (int)key));
        return images.to(device).matmul(captions.to(device).transpose(0, 1));
    }

    private Tensor Rows(float[] all, int[] rows)
    {
        var chosen = new float[rows.Length * _width];
        for (int i = 0; i < rows.Length; i++) all.AsSpan(rows[i] * _width, _width).CopyTo(chosen.AsSpan(i * _width));
        // In libtorch's own, aligned memory: an array's place decides how a matrix product sums, and a seed has to repeat a run.
        return tensor(chosen).view(rows.Length, _width).clone();
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
            {
                ReadOnlySpan<float> from = parts[part].AsSpan(row * widths[part], widths[part]);
                for (int d = 0; d < from.Length; d++) joined[at + d] = from[d] * scale;
            }
        }

        return joined;
    }
}
