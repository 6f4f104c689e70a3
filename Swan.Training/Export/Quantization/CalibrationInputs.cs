using Microsoft.ML.OnnxRuntime;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Text;

namespace Swan.Training.Export;

/// <summary>Images and captions of a set, at equal distances, as both towers take them.</summary>
internal static class CalibrationInputs
{
    /// <summary>The most images and captions; with more, ranges hardly grow.</summary>
    public const int MostImages = 128, MostCaptions = 512;

    private const int ImagesInBatch = 4, CaptionsInBatch = 16;

    /// <summary>Batches for an image tower.</summary>
    /// <exception cref="SwanImageException">An image can't be read.</exception>
    public static IEnumerable<IReadOnlyDictionary<string, OrtValue>> Images(CaptionedImageSet set, ImagePreprocessing preprocessing)
    {
        ImageDecodingOptions decoding = new ImageDecodingOptions().For(preprocessing);
        foreach (CaptionedImage[] images in Spread(set.Images, MostImages).Chunk(ImagesInBatch))
        {
            byte[] pixels = new byte[images.Length * preprocessing.ByteCount];
            for (int i = 0; i < images.Length; i++)
            {
                ImagePreprocessor.Prepare(
                    ImageDecoder.Decode(images[i].ImagePath, decoding), preprocessing,
                    pixels.AsSpan(i * preprocessing.ByteCount, preprocessing.ByteCount));
            }
            yield return new Dictionary<string, OrtValue>
            {
                ["pixels"] = OrtValue.CreateTensorValueFromMemory(pixels, [images.Length, preprocessing.Size, preprocessing.Size, 3]),
            };
        }
    }

    /// <summary>Batches for a text tower; shorter captions first, so that few of a batch's places are padding.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, OrtValue>> Captions(CaptionedImageSet set, ICaptionTokenizer tokenizer)
    {
        IEnumerable<int[]> captions = Spread(set.Captions, MostCaptions).Select(c => tokenizer.Tokenize(c).Ids).OrderBy(c => c.Length);
        foreach (int[][] batch in captions.Chunk(CaptionsInBatch))
        {
            int longest = batch.Max(c => c.Length);
            long[] ids = new long[batch.Length * longest];
            Array.Fill(ids, tokenizer.PaddingId);
            for (int i = 0; i < batch.Length; i++)
            {
                for (int t = 0; t < batch[i].Length; t++) ids[i * longest + t] = batch[i][t];
            }
            yield return new Dictionary<string, OrtValue>
            {
                ["ids"] = OrtValue.CreateTensorValueFromMemory(ids, [batch.Length, longest]),
                ["lengths"] = OrtValue.CreateTensorValueFromMemory([.. batch.Select(c => (long)c.Length)], [batch.Length]),
            };
        }
    }

    /// <summary>So many items, at equal distances; all where there are no more.</summary>
    internal static IEnumerable<T> Spread<T>(IReadOnlyList<T> items, int most)
    {
        int count = Math.Min(items.Count, most);
        for (int i = 0; i < count; i++) yield return items[(int)((long)i * items.Count / count)];
    }
}
