using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Encoders;

/// <summary>Encodes images in 1, 2 or 4 rotations and gives the direction of their mean embedding.</summary>
/// <remarks>
/// A constant last value (<see cref="ImageEncoder.LastValueIsConstant"/>) stays as it is, and only the other values are averaged. The mean
/// is shorter than the embeddings, so the constant would otherwise weigh more for images whose rotations differ most.
/// Prepared images are square, so that quarter turns move pixels without resampling. Not safe for concurrent use: one per cursor.
/// </remarks>
internal sealed class RotationAverage
{
    private readonly ImageEncoder _encoder;
    private readonly int _rotations;
    private readonly byte[] _turned;
    private readonly float[] _view;

    public RotationAverage(ImageEncoder encoder, int rotations, int capacity)
    {
        _encoder = encoder;
        _rotations = rotations;
        _turned = rotations == 1 ? [] : new byte[checked(capacity * encoder.Preprocessing.ByteCount)];
        _view = rotations == 1 ? [] : new float[checked(capacity * encoder.EmbeddingSize)];
    }

    /// <summary>Encodes a batch.</summary>
    /// <param name="pixels"><c>pixels[((i * S + y) * S + x) * 3 + channel]</c></param>
    /// <param name="count">N.</param>
    /// <param name="embeddings">N × D values, unit length.</param>
    /// <param name="cancellation">Ends a running batch.</param>
    public void Encode(ReadOnlySpan<byte> pixels, int count, Span<float> embeddings, CancellationToken cancellation)
    {
        _encoder.Encode(pixels, count, embeddings, cancellation);
        if (_rotations == 1) return;
        int size = _encoder.Preprocessing.Size, bytes = _encoder.Preprocessing.ByteCount, dimension = _encoder.EmbeddingSize;
        Span<float> sums = embeddings[..(count * dimension)], view = _view.AsSpan(0, sums.Length);
        for (int turns = 4 / _rotations; turns < 4; turns += 4 / _rotations)
        {
            for (int i = 0; i < count; i++) Turn(pixels.Slice(i * bytes, bytes), _turned.AsSpan(i * bytes, bytes), size, turns);
            _encoder.Encode(_turned.AsSpan(0, count * bytes), count, view, cancellation);
            TensorPrimitives.Add(sums, view, sums);
        }
        int turning = _encoder.LastValueIsConstant ? dimension - 1 : dimension;
        float constant = turning == dimension || count == 0 ? 0 : view[turning], length = MathF.Sqrt(1 - constant * constant);
        for (int i = 0; i < count; i++)
        {
            Span<float> sum = sums.Slice(i * dimension, dimension), direction = view[..turning];
            // A mean without a direction is not an embedding; everything downstream takes NaN as missing.
            if (!UnitVector.TryNormalize(sum[..turning], direction)) direction.Fill(float.NaN);
            if (turning < dimension)
            {
                TensorPrimitives.Multiply(direction, length, direction);
                sum[turning] = constant;
            }
            direction.CopyTo(sum);
        }
    }

    /// <summary>Turns a square image clockwise.</summary>
    /// <param name="source"><c>source[(y * size + x) * 3 + channel]</c></param>
    /// <param name="destination">As many bytes.</param>
    /// <param name="size">S.</param>
    /// <param name="quarters">1 to 3.</param>
    public static void Turn(ReadOnlySpan<byte> source, Span<byte> destination, int size, int quarters)
    {
        ReadOnlySpan<Rgb> from = MemoryMarshal.Cast<byte, Rgb>(source);
        Span<Rgb> to = MemoryMarshal.Cast<byte, Rgb>(destination);
        int last = size - 1;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                // Where the pixel at (x, y) of the turned image was.
                to[y * size + x] = quarters switch
                {
                    1 => from[(last - x) * size + y],
                    2 => from[(last - y) * size + last - x],
                    _ => from[x * size + last - y],
                };
            }
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Rgb
    {
        private readonly byte _red, _green, _blue;
    }
}
