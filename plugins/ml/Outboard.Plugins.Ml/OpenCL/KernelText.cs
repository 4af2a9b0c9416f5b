using System.Text;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>
/// The kernels' text. Sizes are written in as numbers, so that the compiler unrolls and drops what it can.
/// </summary>
internal static class KernelText
{
    /// <summary>y[i] = expression of x0[...], x1[...]; one work item for each i below count.</summary>
    public static void AppendElementwise(StringBuilder source, string name, int inputCount, string expression)
    {
        source.Append($"__kernel void {name}(");
        for (int k = 0; k < inputCount; k++)
        {
            source.Append($"__global const float *x{k}, int x{k}_offset, ");
        }

        source.AppendLine("__global float *y, int y_offset, int count)").AppendLine("{");
        for (int k = 0; k < inputCount; k++)
        {
            source.AppendLine($"    x{k} += x{k}_offset;");
        }

        source.AppendLine($$"""
                int i = (int)get_global_id(0);
                if (i < count)
                {
                    y[y_offset + i] = {{expression}};
                }
            }
            """);
    }

    /// <summary>One work item for each (outer, inner) pair runs over the Count values between.</summary>
    public static void AppendSoftmax(StringBuilder source, string name, int count, int inner, bool isLogarithm)
    {
        string result = isLogarithm ? "x[k * INNER] - top - log(sum)" : "exp(x[k * INNER] - top) / sum";
        source.AppendLine($$"""
            __kernel void {{name}}(__global const float *x, int x_offset, __global float *y, int y_offset, int count)
            {
                int i = (int)get_global_id(0);
                if (i >= count)
                {
                    return;
                }

                int start = i / {{inner}} * {{count * inner}} + i % {{inner}};
                x += x_offset + start;
                y += y_offset + start;
                float top = x[0];
                for (int k = 1; k < {{count}}; k++)
                {
                    top = fmax(top, x[k * {{inner}}]);
                }

                float sum = 0.0f;
                for (int k = 0; k < {{count}}; k++)
                {
                    sum += exp(x[k * {{inner}}] - top);
                }

                for (int k = 0; k < {{count}}; k++)
                {
                    y[k * {{inner}}] = {{result.Replace("INNER", $"{inner}")}};
                }
            }
            """);
    }
}
